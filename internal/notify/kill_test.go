package notify

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary play a process that tells and sends until it is killed.
func TestMain(m *testing.M) {
	if len(os.Args) > 4 && os.Args[1] == "play-teller" {
		if err := playTeller(os.Args[2], os.Args[3], os.Args[4]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// playTeller tells one urgent event after the other, numbered from first on, and says each number once it is kept.
func playTeller(dir, port, first string) error {
	n, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	p, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	tl, err := Open(killOptions(dir, p))
	if err != nil {
		return err
	}
	go func() { _ = tl.Run(context.Background()) }()
	for ; ; n++ {
		if err := tl.Tell(Event{Kind: KindOther, Urgent: true, Key: fmt.Sprint("n", n), Text: Text{SV: fmt.Sprintf("Nummer %d.", n), EN: "x"}}); err != nil {
			return err
		}
		fmt.Println(n)
		time.Sleep(time.Millisecond)
	}
}

func killOptions(dir string, port int) Options {
	return Options{Dir: dir, Location: stockholm, UrgentWait: time.Nanosecond, UrgentEvery: time.Nanosecond, Every: time.Millisecond,
		Mail:    Mail{Host: "127.0.0.1", Port: port, TLS: "none", From: "arsring@example.org", Timeout: 10 * time.Second},
		Readers: func(Event) []string { return []string{"arkiv@example.org"} }}
}

// Killed at any moment, nothing that Tell had kept is lost, no letter is taken twice, and a line stands twice only with the doubt said.
func TestKilledAtAnyMoment(t *testing.T) {
	rounds := 15
	if os.Getenv("ARSRING_SOAK") != "" {
		rounds = 200
	}
	s := serve(t, "none")
	dir := t.TempDir()
	next := 0
	for range rounds {
		cmd := exec.Command(os.Args[0], "play-teller", dir, strconv.Itoa(s.port(t)), strconv.Itoa(next))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for left := 1 + rand.IntN(60); left > 0 && lines.Scan(); left-- {
			if next, err = strconv.Atoi(lines.Text()); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it had kept before the end
			if next, err = strconv.Atoi(lines.Text()); err != nil {
				t.Fatal(err)
			}
		}
		_ = cmd.Wait()
		next++
	}
	o := killOptions(dir, s.port(t))
	c := &clock{t: time.Now()}
	o.Now = c.Now
	tl := open(t, o)
	for range 4 {
		c.on(24 * time.Hour)
		if err := tl.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ids, plain, doubt := map[string]int{}, map[int]int{}, map[int]int{}
	for _, m := range s.got() {
		ids[m.msg.Header.Get("Message-Id")]++
		sure, unsure, _ := strings.Cut(m.text, "KAN HA SAGTS FÖRUT")
		tally(sure, plain)
		tally(unsure, doubt)
	}
	for id, n := range ids {
		if n != 1 {
			t.Errorf("letter %s was taken %d times", id, n)
		}
	}
	for n := range next {
		if plain[n] > 1 || plain[n]+doubt[n] == 0 {
			t.Errorf("line %d stands %d times, and %d times in doubt", n, plain[n], doubt[n])
		}
	}
	t.Logf("%d kills, %d lines, %d letters, %d lines in doubt", rounds, next, len(ids), len(doubt))
}

func tally(text string, in map[int]int) {
	for line := range strings.Lines(text) {
		var n int
		if _, err := fmt.Sscanf(line, "* Nummer %d.", &n); err == nil {
			in[n]++
		}
	}
}
