package app

import (
	"context"
	"log/slog"
)

// warnings lets only warnings and errors of a library through to the log; the rest of what it says is for its own makers.
type warnings struct{ slog.Handler }

// Enabled holds back what is below a warning, unless everything is logged.
func (h warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return (l >= slog.LevelWarn || h.Handler.Enabled(ctx, slog.LevelDebug)) && h.Handler.Enabled(ctx, l)
}

// WithAttrs keeps holding back.
func (h warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{h.Handler.WithAttrs(a)} }

// WithGroup keeps holding back.
func (h warnings) WithGroup(name string) slog.Handler { return warnings{h.Handler.WithGroup(name)} }
