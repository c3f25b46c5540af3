package archive

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"

	"github.com/minio/minio-go/v7"
)

// fault turns whatever minio-go gave back into the room's own errors. key is what was asked for, relative to the prefix; empty for the bucket.
func (s *Store) fault(err error, key string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return err
	case isOurs(err):
		return err
	}
	var keys *keysError
	if errors.As(err, &keys) {
		return &UnreachableError{Code: CodeKeys, Endpoint: s.o.Endpoint, Cause: keys.cause, Text: keys.text()}
	}
	var resp minio.ErrorResponse
	if errors.As(err, &resp) {
		if isMissing(resp) && key != "" {
			return notFound(key)
		}
		return s.unreachable(responseCode(resp), err)
	}
	return s.unreachable(networkCode(err), err)
}

func isOurs(err error) bool {
	var u *UnreachableError
	var c *ConflictError
	var n *NotFoundError
	var i *InputError
	return errors.As(err, &u) || errors.As(err, &c) || errors.As(err, &n) || errors.As(err, &i)
}

func isMissing(r minio.ErrorResponse) bool {
	_, refusal := refusalCodes[r.Code] // some come with 404, too
	return r.StatusCode == http.StatusNotFound && !refusal
}

func notFound(key string) *NotFoundError {
	return &NotFoundError{Key: key, Text: Text{
		SV: fmt.Sprintf("%s finns inte i arkivlagret.", key),
		EN: fmt.Sprintf("%s is not in the archive store.", key),
	}}
}

// refusals that the S3 family words in its own ways.
var refusalCodes = map[string]string{
	"InvalidAccessKeyId": CodeKeys, "InvalidAccessKeyID": CodeKeys, "SignatureDoesNotMatch": CodeKeys, "InvalidToken": CodeKeys, "ExpiredToken": CodeKeys,
	"XAdminUserNotFound": CodeKeys, // versitygw's, with 404
	"AccessDenied":       CodeDenied, "AllAccessDisabled": CodeDenied, "MethodNotAllowed": CodeDenied,
	"NoSuchBucket": CodeAbsent, "InvalidBucketName": CodeBucket,
	"AuthorizationHeaderMalformed": CodeRegion, "IllegalLocationConstraintException": CodeRegion, "InvalidRegion": CodeRegion, "PermanentRedirect": CodeRegion,
	"InsufficientStorage": CodeFull, "XMinioStorageFull": CodeFull, "QuotaExceeded": CodeFull, "XMinioAdminBucketQuotaExceeded": CodeFull,
	"RequestTimeTooSkewed": CodeClock,
	"RequestTimeout":       CodeTimeout,
	"SlowDown":             CodeServer, "InternalError": CodeServer, "ServiceUnavailable": CodeServer,
	"ObjectLockConfigurationNotFoundError": CodeNoLock, "MissingObjectLockConfiguration": CodeNoLock,
}

func responseCode(r minio.ErrorResponse) string {
	if c, ok := refusalCodes[r.Code]; ok {
		return c
	}
	switch {
	case r.StatusCode == http.StatusInsufficientStorage:
		return CodeFull
	case r.StatusCode >= 500, r.StatusCode == http.StatusTooManyRequests:
		return CodeServer
	case r.StatusCode == http.StatusUnauthorized, r.StatusCode == http.StatusForbidden:
		return CodeDenied
	}
	return CodeStore
}

func networkCode(err error) string {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var timeout net.Error
	var ue *url.Error
	switch {
	case errors.As(err, &dns):
		return CodeDNS
	case errors.Is(err, syscall.ECONNREFUSED):
		return CodeRefused
	case errors.As(err, &unknown), errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &verify),
		errors.As(err, &record), errors.As(err, &alert), errors.Is(err, http.ErrSchemeMismatch):
		return CodeTLS
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return CodeTimeout
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return CodeRefused
	case errors.As(err, &ue), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), isEOF(err):
		return CodeReset
	}
	return CodeStore
}

// maybeWritten says that after this error nobody knows whether the object was written.
func maybeWritten(err error) bool {
	var resp minio.ErrorResponse
	if errors.As(err, &resp) {
		if resp.StatusCode == http.StatusPreconditionFailed || resp.StatusCode == http.StatusConflict {
			return true
		}
		c := responseCode(resp)
		return c == CodeServer || c == CodeTimeout
	}
	c := networkCode(err)
	return c == CodeReset || c == CodeTimeout
}

func (s *Store) unreachable(code string, cause error) *UnreachableError {
	t, ok := faultTexts[code]
	if !ok {
		t = faultTexts[CodeStore]
	}
	var resp minio.ErrorResponse
	errors.As(cause, &resp) // it names the right region, where there is one
	r := strings.NewReplacer("{endpoint}", s.o.Endpoint, "{bucket}", s.o.Bucket, "{ca}", cmp.Or(s.o.CAFile, "-"),
		"{region}", cmp.Or(s.o.Region, "-"), "{its}", cmp.Or(resp.Region, "?"), "archive.lock", "archive.lock", "archive.", s.o.Settings+".")
	return &UnreachableError{Code: code, Endpoint: s.o.Endpoint, Cause: cause, Text: Text{SV: r.Replace(t.SV), EN: r.Replace(t.EN)}}
}

const keptSV = " Det som väntar på leverans ligger kvar och levereras vid nästa försök."
const keptEN = " What waits for delivery is kept and delivered at the next attempt."

var faultTexts = map[string]Text{
	CodeDNS: {
		"Arkivlagret {endpoint} hittas inte: namnet går inte att slå upp. Kontrollera archive.endpoint och namnservern." + keptSV,
		"The archive store {endpoint} is not found: its name does not resolve. Check archive.endpoint and the name server." + keptEN},
	CodeRefused: {
		"Ingen svarar på arkivlagrets adress {endpoint}. Kontrollera att lagret är igång, adressen och brandväggen." + keptSV,
		"Nobody answers at the archive store's address {endpoint}. Check that the store runs, the address and the firewall." + keptEN},
	CodeTLS: {
		"Arkivlagret {endpoint} visar ett certifikat som inte är betrott, eller talar inte https. Ange utfärdarens certifikat i archive.ca_file (nu: {ca}) och kontrollera adressen." + keptSV,
		"The archive store {endpoint} shows a certificate that is not trusted, or does not speak https. Name its issuer's certificate in archive.ca_file (now: {ca}) and check the address." + keptEN},
	CodeKeys: {
		"Arkivlagret {endpoint} känner inte igen åtkomstnycklarna. Kontrollera archive.access_key och archive.secret_key (eller deras filer)." + keptSV,
		"The archive store {endpoint} does not accept the access keys. Check archive.access_key and archive.secret_key (or their files)." + keptEN},
	CodeDenied: {
		"Arkivlagret {endpoint} tillåter inte åtgärden i behållaren {bucket}. Ge nycklarna rätt att lista, läsa och skriva där." + keptSV,
		"The archive store {endpoint} does not allow this in the bucket {bucket}. Give the keys the right to list, read and write there." + keptEN},
	CodeBucket: {
		"Behållaren {bucket} finns inte i arkivlagret {endpoint} och kunde inte skapas. Skapa den, helst med objektlås och versioner, eller rätta archive.bucket." + keptSV,
		"The bucket {bucket} does not exist in the archive store {endpoint} and could not be made. Make it, with object lock and versions if possible, or correct archive.bucket." + keptEN},
	CodeAbsent: {
		"Behållaren {bucket} finns inte i arkivlagret {endpoint}. Kontrollera archive.bucket. Den som inte finns skapas först när något ska arkiveras.",
		"There is no bucket {bucket} in the archive store {endpoint}. Check archive.bucket. A bucket that is missing is made only when something is to be archived."},
	CodeRegion: {
		"Arkivlagret {endpoint} eller behållaren {bucket} finns i en annan region än den som är inställd. Rätta archive.region (nu: {region}, lagret säger: {its})." + keptSV,
		"The archive store {endpoint} or the bucket {bucket} is in another region than the one that is set. Correct archive.region (now: {region}, the store says: {its})." + keptEN},
	CodeFull: {
		"Arkivlagret {endpoint} är fullt, eller kvoten för behållaren {bucket} är förbrukad. Frigör eller utöka utrymme." + keptSV,
		"The archive store {endpoint} is full, or the quota of the bucket {bucket} is used up. Free or add space." + keptEN},
	CodeTimeout: {
		"Arkivlagret {endpoint} slutade svara. Kontrollera nätet och lagrets belastning." + keptSV,
		"The archive store {endpoint} stopped answering. Check the network and the store's load." + keptEN},
	CodeReset: {
		"Förbindelsen med arkivlagret {endpoint} bröts. Kontrollera nätet och att lagret är igång." + keptSV,
		"The connection to the archive store {endpoint} was cut. Check the network and that the store runs." + keptEN},
	CodeServer: {
		"Arkivlagret {endpoint} svarar med fel från sin egen sida. Se lagrets logg." + keptSV,
		"The archive store {endpoint} answers with errors of its own. See the store's log." + keptEN},
	CodeClock: {
		"Arkivlagret {endpoint} godtar inte förfrågan eftersom klockorna går olika. Ställ den här maskinens klocka (NTP)." + keptSV,
		"The archive store {endpoint} refuses because the clocks differ. Set this machine's clock (NTP)." + keptEN},
	CodeNoLock: {
		"Behållaren {bucket} i {endpoint} kan inte låsa objekt, men archive.lock.mode kräver det. Använd en behållare med objektlås eller sätt archive.lock.mode till none." + keptSV,
		"The bucket {bucket} in {endpoint} cannot lock objects, but archive.lock.mode demands it. Use a bucket with object lock or set archive.lock.mode to none." + keptEN},
	CodeGhost: {
		"Arkivlagret {endpoint} säger både att ett objekt finns och att det inte finns. Lagret behöver repareras, se dess logg." + keptSV,
		"The archive store {endpoint} says of an object both that it exists and that it does not. The store needs repair, see its log." + keptEN},
	CodeStore: {
		"Arkivlagret {endpoint} avvisade förfrågan. Kontrollera att adressen är ett S3-lager och att behållaren {bucket} stämmer." + keptSV,
		"The archive store {endpoint} refused the request. Check that the address is an S3 store and that the bucket {bucket} is right." + keptEN},
}
