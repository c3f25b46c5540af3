package web

import (
	"net/http"
	"strings"
)

// openAPI describes the API (OpenAPI 3.1), made from the table of routes so that it cannot say anything else than what is served.
func (q *ask) openAPI() error {
	paths := map[string]map[string]any{}
	for _, rt := range q.apiRoutes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if rt.about == "" {
			continue
		}
		if paths[path] == nil {
			paths[path] = map[string]any{}
		}
		paths[path][strings.ToLower(method)] = operation(rt, method, path)
	}
	return q.json(http.StatusOK, map[string]any{
		"openapi":  "3.1.0",
		"info":     map[string]any{"title": "Årsring", "version": q.o.Version, "description": "What the page does, for programs. Make a token under your name on the page and send it as Authorization: Bearer."},
		"security": []any{map[string]any{"token": []string{}}},
		"components": map[string]any{"securitySchemes": map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer"}},
			"schemas": map[string]any{"Copy": copySchema, "Done": doneSchema, "Order": map[string]any{"type": "object", "required": []string{"account", "trigger", "reason"}, "properties": map[string]any{
				"tenant": stringType, "account": stringType, "trigger": map[string]any{"type": "string", "enum": []string{"manual", "closure", "evidence"}}, "reason": stringType, "url": stringType, "ground": stringType, "diary": stringType}},
				"Error": map[string]any{"type": "object", "properties": map[string]any{"error": stringType, "status": map[string]any{"type": "integer"}}}}},
		"paths": paths,
	})
}

var stringType = map[string]any{"type": "string"}

func operation(rt route, method, path string) map[string]any {
	params := []any{}
	for _, part := range strings.Split(path, "/") {
		if strings.HasPrefix(part, "{") {
			params = append(params, map[string]any{"name": strings.Trim(part, "{}"), "in": "path", "required": true, "schema": stringType})
		}
	}
	for _, name := range strings.Fields(rt.query) {
		params = append(params, map[string]any{"name": name, "in": "query", "schema": stringType})
	}
	kind, code := "application/json", "200"
	switch {
	case strings.HasSuffix(path, "/events"):
		kind = "text/event-stream"
	case strings.HasSuffix(path, "/tiles/{n}"):
		kind = "image/*"
	case strings.HasSuffix(path, ".pdf"), strings.HasSuffix(path, "/copy"):
		kind = "application/pdf"
	case strings.HasSuffix(path, ".zip"):
		kind = "application/zip"
	case path == "/api/v1/orders" && method == http.MethodPost:
		code = "202"
	}
	answer := map[string]any{}
	if rt.form || rt.fields != nil {
		answer["schema"] = map[string]any{"$ref": "#/components/schemas/Done"}
	}
	failed := map[string]any{"description": "What went wrong", "content": map[string]any{"application/json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/Error"}}}}
	op := map[string]any{"summary": rt.about, "description": "Needs the role " + string(rt.need) + ".", "parameters": params,
		"responses": map[string]any{code: map[string]any{"description": rt.about, "content": map[string]any{kind: answer}}, "default": failed}}
	if body := bodyOf(rt); body != nil {
		op["requestBody"] = map[string]any{"required": true, "content": body}
	}
	return op
}

var (
	listOf     = func(of map[string]any) map[string]any { return map[string]any{"type": "array", "items": of} }
	copySchema = map[string]any{"type": "object", "required": []string{"why", "assessor"}, "properties": map[string]any{
		"posts": listOf(stringType), "mask": listOf(stringType), "words": listOf(stringType), "why": stringType, "assessor": stringType, "to": stringType,
		"sheets": listOf(map[string]any{"type": "object", "properties": map[string]any{"tile": map[string]any{"type": "integer"},
			"hide": listOf(map[string]any{"type": "array", "items": map[string]any{"type": "number"}, "minItems": 4, "maxItems": 4})}})}}
	doneSchema = map[string]any{"type": "object", "properties": map[string]any{"ok": map[string]any{"type": "boolean"}, "message": stringType, "location": stringType}}
)

// bodyOf describes what a POST takes; nil for nothing.
func bodyOf(rt route) map[string]any {
	ref := func(name string) map[string]any {
		return map[string]any{"application/json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/" + name}}}
	}
	props := map[string]any{}
	for _, f := range rt.fields {
		props[f] = stringType
	}
	object := map[string]any{"type": "object", "properties": props}
	switch {
	case rt.schema != "":
		return ref(rt.schema)
	case rt.upload != "":
		props[rt.upload] = map[string]any{"type": "string", "format": "binary"}
		return map[string]any{"multipart/form-data": map[string]any{"schema": object}}
	case len(rt.fields) > 0:
		return map[string]any{"application/json": map[string]any{"schema": object}}
	}
	return nil
}
