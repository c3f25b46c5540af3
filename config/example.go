package config

import _ "embed"

// Example is the commented configuration that a person copies; its values are the defaults or harmless samples.
//
//go:embed arsring.example.yaml
var Example []byte

// RegisterExample is the commented register that a person copies.
//
//go:embed register.example.yaml
var RegisterExample []byte
