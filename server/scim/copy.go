package scim

// clone copies an object with all that is in it.
func clone(o Object) Object {
	out := make(Object, len(o))
	for name, v := range o {
		out[name] = cloneValue(v)
	}
	return out
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case Object:
		return clone(v)
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = cloneValue(element)
		}
		return out
	}
	return v
}

// sameValue says whether two values of an attribute are equal, as its filters compare them.
func sameValue(a *Attribute, v, w any) bool {
	switch v := v.(type) {
	case []any:
		w, ok := w.([]any)
		if !ok || len(v) != len(w) {
			return false
		}
		for i := range v {
			if !sameValue(a, v[i], w[i]) {
				return false
			}
		}
		return true
	case Object:
		w, ok := w.(Object)
		if !ok || len(v) != len(w) {
			return false
		}
		for name := range v {
			if sub := a.Sub(name); sub == nil || w[name] == nil || !sameValue(sub, v[name], w[name]) {
				return false
			}
		}
		return true
	}
	order, ok := compareValues(a, v, w)
	return ok && order == 0
}
