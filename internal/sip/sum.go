package sip

import (
	"crypto/sha256"
	"encoding/hex"
	"io"

	"arsring/internal/capture"
)

// ContentSum is the SHA-256, in lower-case hex, of the content.json that Build writes for this capture. The record's cover sheet carries it.
func ContentSum(c *capture.Capture) (string, error) {
	h := sha256.New()
	if err := WriteContent(h, c); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// WriteContent writes the content.json that Build writes for this capture, byte for byte.
func WriteContent(w io.Writer, c *capture.Capture) error { return writeJSON(w, newContent(c)) }
