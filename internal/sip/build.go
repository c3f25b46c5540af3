package sip

import (
	"context"
	"errors"
)

// ContentType is the package's own content information type in METS (csip:OTHERCONTENTINFORMATIONTYPE): one
// snapshot of one account, as arsring-manifest-1 and arsring-content-1 describe it.
const ContentType = "arsring-snapshot-1"

// Build makes the package of a snapshot: parent/<snapshot-id>, whose files are complete and on disk before the
// folder gets that name. A package of the same snapshot with the same record and content that already stands there
// is checked and returned as it is; any other folder of that name is an error that wraps ErrExists.
func Build(ctx context.Context, parent string, in Input) (dir string, m Manifest, err error) {
	return "", Manifest{}, errors.ErrUnsupported
}

// ErrExists says that another package or folder already stands under the snapshot's name.
var ErrExists = errors.New("another package stands under this name")
