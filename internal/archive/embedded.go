package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// EmbeddedOptions say where the embedded store lives. Everything is made at first start.
type EmbeddedOptions struct {
	DataDir string // objects/ (a plain folder per bucket), meta/, versions/, store.json, store.lock
	KeysDir string // CA, server certificate, access keys (0700); empty: the folder keys beside DataDir
	Addr    string // loopback host:port to listen on; empty: a free port, the same as last time where possible
	Bucket  string // bucket named in Embedded.Options; empty: "arsring"

	Command []string      // StartEmbedded: the command line of the child, which must call ServeEmbedded with the same folders
	Env     []string      // StartEmbedded: added to the child's environment, as NAME=value
	Wait    time.Duration // StartEmbedded: how long to wait until the store answers; 0: 30 s

	Ready io.Writer // ServeEmbedded: where the one line of JSON goes once the store answers; nil: standard output
}

// ErrServed says that another process serves the data folder already.
var ErrServed = errors.New("another process already serves this archive folder")

const (
	embeddedRegion = "se-arsring-1"
	defaultBucket  = "arsring"
)

// layout are the absolute paths of an embedded store.
type layout struct {
	data, objects, meta, versions, state, lock string
	keys, caCert, caKey, cert, key, access     string
}

func (o EmbeddedOptions) layout() (layout, error) {
	if o.DataDir == "" {
		return layout{}, badInput("Det inbyggda arkivlagret saknar mapp (data_dir).", "The embedded archive store has no folder (data_dir).", nil)
	}
	data, err := filepath.Abs(o.DataDir)
	if err != nil {
		return layout{}, unwritable(o.DataDir, err)
	}
	keys := filepath.Join(filepath.Dir(data), "keys")
	if o.KeysDir != "" {
		if keys, err = filepath.Abs(o.KeysDir); err != nil {
			return layout{}, unwritable(o.KeysDir, err)
		}
	}
	in := filepath.Join
	return layout{
		data: data, objects: in(data, "objects"), meta: in(data, "meta"), versions: in(data, "versions"),
		state: in(data, "store.json"), lock: in(data, "store.lock"),
		keys: keys, caCert: in(keys, "store-ca.pem"), caKey: in(keys, "store-ca.key"),
		cert: in(keys, "store-server.pem"), key: in(keys, "store-server.key"), access: in(keys, "store-access.json"),
	}, nil
}

// fresh reports an embedded store in which nobody has made a bucket yet; a store elsewhere is none.
func (l layout) fresh() bool {
	if l.objects == "" {
		return false
	}
	buckets, err := os.ReadDir(l.objects)
	return err == nil && len(buckets) == 0
}

// state is what a serving process tells about itself in store.json and on its ready line.
type state struct {
	Ready    bool      `json:"ready"`
	Served   bool      `json:"served,omitempty"` // only on the ready line: another process holds the folder
	Endpoint string    `json:"endpoint"`
	Addr     string    `json:"addr"`
	PID      int       `json:"pid"`
	Health   string    `json:"health"` // path that answers 200 only at the store of this very folder
	Started  time.Time `json:"started"`
	CAFile   string    `json:"ca_file"`
}

func (l layout) readState() (state, error) {
	data, err := os.ReadFile(l.state)
	if err != nil {
		return state{}, err
	}
	var st state
	if err := json.Unmarshal(data, &st); err != nil {
		return state{}, fmt.Errorf("%s: %w", l.state, err)
	}
	return st, nil
}

func (l layout) writeState(st state) error {
	data, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return writeFileSync(l.state, append(data, '\n'), 0o600)
}

func notStarted(l layout, cause error) *UnreachableError {
	return &UnreachableError{Code: CodeStart, Endpoint: l.data, Cause: cause, Text: Text{
		SV: fmt.Sprintf("Det inbyggda arkivlagret i %s gick inte att starta. Kontrollera mappens rättigheter, ledigt utrymme och att ingen annan process har den.", l.data),
		EN: fmt.Sprintf("The embedded archive store in %s could not be started. Check the folder's permissions, free space and that no other process has it.", l.data),
	}}
}
