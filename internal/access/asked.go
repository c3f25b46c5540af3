package access

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"arsring/internal/register"
)

// Pause is a person's decision that the calendar leaves an account alone.
type Pause struct {
	Tenant, Account string
	Until           time.Time // zero: until further notice
	Reason, By      string
	At              time.Time
}

// SetPause pauses an account; one that is paused gets the new terms.
func (s *State) SetPause(ctx context.Context, p Pause) error {
	_, err := s.db.ExecContext(ctx, `INSERT OR REPLACE INTO pauses (tenant, account, until, reason, by, at) VALUES (?, ?, ?, ?, ?, ?)`, p.Tenant, p.Account, unix(p.Until), p.Reason, p.By, unix(s.now()))
	return err
}

// EndPause lets the calendar have the account again.
func (s *State) EndPause(ctx context.Context, tenant, account string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM pauses WHERE tenant = ? AND account = ?`, tenant, account)
	return err
}

// Pauses are those that hold now.
func (s *State) Pauses(ctx context.Context) ([]Pause, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT tenant, account, until, reason, by, at FROM pauses WHERE until = 0 OR until > ? ORDER BY tenant, account`, unix(s.now()))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Pause
	for rows.Next() {
		var p Pause
		var until, at int64
		if err := rows.Scan(&p.Tenant, &p.Account, &until, &p.Reason, &p.By, &at); err != nil {
			return nil, err
		}
		p.Until, p.At = fromUnix(until), fromUnix(at)
		out = append(out, p)
	}
	return out, rows.Err()
}

// Proposal is an account that somebody has reported, and what became of it.
type Proposal struct {
	ID         int64            `json:"id"`
	Tenant     string           `json:"tenant"`
	Account    register.Account `json:"account"`
	By         string           `json:"by"`
	Reason     string           `json:"reason"`
	At         time.Time        `json:"at"`
	State      string           `json:"state"` // "waiting", "approved" or "refused"
	Answer     string           `json:"answer"`
	AnsweredBy string           `json:"answered_by"`
	Answered   time.Time        `json:"answered"`
}

// ErrNoProposal says that there is no such proposal that waits.
var ErrNoProposal = errors.New("there is no such proposal that waits for an answer")

// Propose keeps an account that somebody reports until it is answered, and gives its number.
func (s *State) Propose(ctx context.Context, p Proposal) (int64, error) {
	b, err := json.Marshal(p.Account)
	if err != nil {
		return 0, err
	}
	res, err := s.db.ExecContext(ctx, `INSERT INTO proposals (tenant, account, by, reason, at) VALUES (?, ?, ?, ?, ?)`, p.Tenant, string(b), p.By, p.Reason, unix(s.now()))
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// Proposals are those of a state, newest first; an empty state is all.
func (s *State) Proposals(ctx context.Context, state string) ([]Proposal, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, tenant, account, by, reason, at, state, answer, answered_by, answered FROM proposals WHERE ?1 = '' OR state = ?1 ORDER BY id DESC LIMIT 500`, state)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Proposal{}
	for rows.Next() {
		var p Proposal
		var at, answered int64
		var account string
		if err := rows.Scan(&p.ID, &p.Tenant, &account, &p.By, &p.Reason, &at, &p.State, &p.Answer, &p.AnsweredBy, &answered); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(account), &p.Account); err != nil {
			return nil, err
		}
		p.At, p.Answered = fromUnix(at), fromUnix(answered)
		out = append(out, p)
	}
	return out, rows.Err()
}

// Answer closes a proposal that waits: "approved" or "refused". ErrNoProposal when none waits under the number.
func (s *State) Answer(ctx context.Context, id int64, state, answer, by string) error {
	res, err := s.db.ExecContext(ctx, `UPDATE proposals SET state = ?, answer = ?, answered_by = ?, answered = ? WHERE id = ? AND state = 'waiting'`, state, answer, by, unix(s.now()), id)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrNoProposal, err)
	}
	return nil
}
