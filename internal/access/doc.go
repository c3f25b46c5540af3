// Package access knows who may do what: users and their roles, sessions, tokens for programs, sign-in through a provider, and the audit log.
//
// In: names, passwords, tokens, cookies. Out: an Actor, who is asked before anything is shown or done. It keeps state.db (users, tokens,
// sessions, audit log, pauses and reported accounts), the only database of the data folder that cannot be rebuilt from the archive.
//
// It may import the types of register. It is the only room that uses argon2, scs and go-oidc. It never logs, and gives no secret back:
// passwords are kept as argon2id, codes, session and API tokens as SHA-256.
package access
