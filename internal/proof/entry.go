package proof

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Line is one object that the log answers for.
type Line struct {
	SHA256 string // hex
	Key    string // relative to the archive's base
}

// Entry is one entry of the log. Its text is the leaf of the tree; sha256sum reads its lines.
type Entry struct {
	N     int64 // place in the log, from 0
	Time  time.Time
	Lines []Line
}

const entryHead = "arsring log entry 1"

// text is the entry as it is hashed and signed.
func (e Entry) text() (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nplace %d\ntime %s\n", entryHead, e.N, e.Time.UTC().Format(time.RFC3339))
	for _, l := range e.Lines {
		if !isSum(l.SHA256) || l.Key == "" || strings.ContainsFunc(l.Key, func(r rune) bool { return r < 0x20 }) {
			return "", fmt.Errorf("the log cannot hold the line %q %q", l.SHA256, l.Key)
		}
		fmt.Fprintf(&b, "%s  %s\n", l.SHA256, l.Key)
	}
	return b.String(), nil
}

func isSum(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 32 && s == strings.ToLower(s)
}

func parseEntry(text string) (Entry, error) {
	var e Entry
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 || lines[0] != entryHead {
		return e, errors.New("it is no entry of a log")
	}
	if _, err := fmt.Sscanf(lines[1], "place %d", &e.N); err != nil {
		return e, fmt.Errorf("its place: %w", err)
	}
	var err error
	if e.Time, err = time.Parse(time.RFC3339, strings.TrimPrefix(lines[2], "time ")); err != nil {
		return e, fmt.Errorf("its time: %w", err)
	}
	for _, l := range lines[3:] {
		sum, key, ok := strings.Cut(l, "  ")
		if !ok || !isSum(sum) || key == "" {
			return e, fmt.Errorf("the line %q", l)
		}
		e.Lines = append(e.Lines, Line{sum, key})
	}
	if again, err := e.text(); err != nil || again != text {
		return e, errors.New("it is not written as entries are")
	}
	return e, nil
}

// signed is a note as it was read: its text, and whether a key that counts has signed it.
type signed struct {
	text  string
	known bool
	by    string // name+hash of the first signature
}

var errNoNote = errors.New("it is no signed note")

// openNote reads a note. A signature by a key that is known and does not fit is an error; one by a key that is not known is not.
func (k *Key) openNote(data []byte) (signed, error) {
	n, err := note.Open(data, k.verifiers())
	var unknown *note.UnverifiedNoteError
	switch {
	case err == nil:
		return signed{text: n.Text, known: true, by: sigID(n.Sigs)}, k.onlyOurs(data, n)
	case errors.As(err, &unknown):
		return signed{text: unknown.Note.Text, by: sigID(unknown.Note.UnverifiedSigs)}, nil
	}
	return signed{}, fmt.Errorf("%w: %w", errNoNote, err)
}

// onlyOurs holds the bytes against the note written again: a byte that changes nothing about the meaning is a change, too.
func (k *Key) onlyOurs(data []byte, n *note.Note) error {
	again, err := note.Sign(n)
	if err != nil || string(again) != string(data) {
		return errNoNote
	}
	return nil
}

func sigID(sigs []note.Signature) string {
	if len(sigs) == 0 {
		return ""
	}
	return fmt.Sprintf("%s+%08x", sigs[0].Name, sigs[0].Hash)
}

func (k *Key) sign(text string) ([]byte, error) { return note.Sign(&note.Note{Text: text}, k.signer) }

// Checkpoint is the log's size and root hash at one time, as signed.
type Checkpoint struct {
	Origin string    `json:"origin"`
	Size   int64     `json:"size"`
	Root   tlog.Hash `json:"root"`
	Note   string    `json:"note"` // the whole signed note: keep it anywhere, it proves what the log held
}

func origin(tenant string) string { return "arsring archive log " + tenant }

func checkpointText(tenant string, t tlog.Tree) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin(tenant), t.N, t.Hash)
}

func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return c, errors.New("it is no checkpoint of a log")
	}
	c.Origin = lines[0]
	if _, err := fmt.Sscanf(lines[1], "%d", &c.Size); err != nil || fmt.Sprint(c.Size) != lines[1] || c.Size < 0 {
		return c, errors.New("its size is no number")
	}
	if c.Root, err = tlog.ParseHash(lines[2]); err != nil {
		return c, fmt.Errorf("its root: %w", err)
	}
	return c, nil
}

func (c Checkpoint) tree() tlog.Tree { return tlog.Tree{N: c.Size, Hash: c.Root} }

// OpenCheckpoint reads a signed checkpoint, as it stands in the bucket, a mail or a file. Its signature must be by a key that counts.
func (k *Key) OpenCheckpoint(data []byte) (Checkpoint, error) {
	s, err := k.openNote(data)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the checkpoint cannot be read: %w", err)
	}
	if !s.known {
		return Checkpoint{}, fmt.Errorf("the checkpoint is signed by %s, whose key is not among those that count (%s)", s.by, trustFile)
	}
	c, err := parseCheckpoint(s.text)
	c.Note = string(data)
	return c, err
}
