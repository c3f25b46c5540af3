package capture

import "testing"

// What shows that something is still to come is told from what only looks like it: bars of how far something has come, layers that are called skeletons.
func TestUnfinished(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	for body, want := range map[string]string{
		`<div role=progressbar aria-valuenow=40 style="height:9px;background:blue"></div>`: "little",
		`<div role=progressbar style="height:9px;background:blue"></div>`:                  "busy",
		`<i role=progressbar style="display:block;height:9px;width:40%;background:red"></i><i role=progressbar style="display:block;height:9px;width:70%;background:red"></i><i role=progressbar style="display:block;height:9px;width:9%;background:red"></i>`: "little",
		`<div class=bg-skeleton style="height:99px"><table><td style="width:99px;height:30px"></table></div>`:                                                                                                                                                   "little",
		`<div class=skeleton style="height:99px;background:#eee"></div>`:                                                                                                                                                                                        "busy",
		`<div class=spinner style="height:30px;width:30px"></div>`:                                                                                                                                                                                              "busy",
		`<p>Nyheter</p><p>Laddar inlägg…</p>`:                                                                                                                                                                                                                   "busy",
		`<p>Loading dock i hamnen byggs om…</p>`:                                                                                                                                                                                                                "little",
		`<img class=lazyloading style="height:30px;width:30px" alt="">`:                                                                                                                                                                                         "little",
	} {
		s.pages["/"] = "<h1>Älvsunda</h1>" + body + "<script>1</script>"
		if _, _, err := s.tab.open(s.ctx, s.home+"/"); err != nil {
			t.Fatal(err)
		}
		if got, err := eval[string](s.ctx, s.tab, "unfinished"); err != nil || got != want {
			t.Errorf("%s: %q, %v, not %q", body, got, err, want)
		}
	}
}
