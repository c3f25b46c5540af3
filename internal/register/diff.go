package register

// FieldChange is one field of an account that differs.
type FieldChange struct {
	Key string `json:"key"`
	Old string `json:"old"`
	New string `json:"new"`
}

// Diff lists the fields in which two accounts differ; an empty text counts as none.
func Diff(before, after Account) []FieldChange {
	old, out := map[string]string{}, []FieldChange{}
	for _, f := range flatAll(before) {
		old[f.key] = f.value
	}
	for _, f := range flatAll(after) {
		if old[f.key] != f.value {
			out = append(out, FieldChange{f.key, old[f.key], f.value})
		}
		delete(old, f.key)
	}
	for _, f := range flatAll(before) {
		if v := old[f.key]; v != "" {
			out = append(out, FieldChange{f.key, v, ""})
		}
	}
	return out
}
