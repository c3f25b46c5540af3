package register

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// flatField is one text of an account with its key.
type flatField struct{ key, value string }

// flat lists every text of an account, nested ones with dotted keys, in the order of the struct.
func flat(a Account) []flatField {
	var out []flatField
	flatten(reflect.ValueOf(a), "", &out)
	return out
}

// flatAll is flat with the numbers, for comparing.
func flatAll(a Account) []flatField {
	out := flat(a)
	l := reflect.ValueOf(a.Limits)
	for i, name := range namesOf(l.Type()) {
		if n := l.Field(i).Int(); n != 0 {
			out = append(out, flatField{"limits." + name, strconv.FormatInt(n, 10)})
		}
	}
	return out
}

func flatten(v reflect.Value, key string, out *[]flatField) {
	switch v.Kind() {
	case reflect.String:
		*out = append(*out, flatField{key, v.String()})
	case reflect.Pointer:
		if !v.IsNil() {
			flatten(v.Elem(), key, out)
		}
	case reflect.Slice:
		for i := range v.Len() {
			flatten(v.Index(i), fmt.Sprintf("%s[%d]", key, i), out)
		}
	case reflect.Struct:
		for i, name := range namesOf(v.Type()) {
			if name != "" {
				flatten(v.Field(i), strings.TrimPrefix(key+"."+name, "."), out)
			}
		}
	}
}
