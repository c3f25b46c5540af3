package archive

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"
)

// compareInventory holds what METS says against the receipt that is vouched for. METS files that were altered have been named, and are not asked.
func (v *verification) compareInventory(ctx context.Context, inventory Inventory) error {
	if v.mets == "" || slices.ContainsFunc(v.out.Found, func(f Finding) bool { return path.Base(f.Path) == metsName }) {
		return nil
	}
	list, err := v.inventory(ctx, inventory)
	if cerr := ctx.Err(); cerr != nil || isStoreGone(err) {
		return cmp.Or(cerr, err)
	}
	if err != nil {
		v.found(FoundMETSAltered, metsName)
		return nil //nolint:nilerr // a finding, not a failure
	}
	named := map[string]bool{metsName: true}
	for _, w := range list {
		named[w.Path] = true
		if r, ok := v.want[w.Path]; w.Path != metsName && (!ok || !strings.EqualFold(r.SHA256, w.SHA256)) {
			v.found(FoundReceiptDiffers, w.Path)
		}
	}
	for p := range v.want {
		if !named[p] {
			v.found(FoundReceiptDiffers, p)
		}
	}
	return nil
}
