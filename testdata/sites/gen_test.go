package sites

import "testing"

// TestGeneratedNamesDiffer makes sure that a generated site's scripts find what they look for: no two hooks share a class name.
func TestGeneratedNamesDiffer(t *testing.T) {
	modes, times := map[string]bool{}, map[string]bool{}
	for seed := range int64(300) {
		s, g := generated(seed), genomeOf(seed)
		modes[s.mode], times[g.times] = true, true
		seen := map[string]string{}
		for hook, name := range hooks(s) {
			if hook != "closeName" && hook != "goName" && hook != "holdName" && seen[name] != "" {
				t.Errorf("seed %d: %s and %s are both %s", seed, hook, seen[name], name)
			}
			seen[name] = hook
		}
	}
	if len(modes) != 4 || len(times) != 11 {
		t.Errorf("the seeds meet %d ways to get more posts and %d ways to write times, want 4 and 11", len(modes), len(times))
	}
}
