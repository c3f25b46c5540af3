package validators

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// wordpressFiles are the settings of a WordPress site, the way from addresses to its pages, and the script that fills it by WordPress's own functions.
//
//go:embed wordpress/*.php
var wordpressFiles embed.FS

// WordPressSite is a site that WordPress runs on loopback until its test ends.
type WordPressSite struct {
	URL   string // with a final slash
	Posts []WordPressPost
}

// WordPressPost is a post as WordPress itself tells it.
type WordPressPost struct {
	ID       int                `json:"id"`
	Title    string             `json:"title"`
	URL      string             `json:"url"`
	At       int64              `json:"at"` // seconds since 1970
	Author   string             `json:"author"`
	Marks    []string           `json:"marks"`   // pieces of its text that occur nowhere else on the site
	Picture  string             `json:"picture"` // alt text of its picture; empty without one
	Comments []WordPressComment `json:"comments"`
}

// WordPressComment is an approved comment as WordPress itself tells it.
type WordPressComment struct {
	ID     int    `json:"id"`
	Parent int    `json:"parent"` // id of the comment that it answers; 0 for none
	Author string `json:"author"`
	Text   string `json:"text"`
	At     int64  `json:"at"`
	URL    string `json:"url"`
}

// WordPress starts a site with so many posts of the last half-year before now, in the look of one of WordPress's own themes: Debian's packages,
// MariaDB and PHP's own web server, everything in a folder and on loopback, for as long as the test runs.
func WordPress(t testing.TB, posts int, theme string, now time.Time) WordPressSite {
	t.Helper()
	tree := filepath.Join(toolsDir(), "wordpress")
	if _, err := os.Stat(filepath.Join(tree, "wp-config.php")); err != nil {
		t.Fatal("WordPress is not installed: run make tools")
	}
	home := wordpressHome(t, tree)
	php, port := Path(t, "php"), freePort(t)
	address := "http://127.0.0.1:" + strconv.Itoa(port)
	env := append(os.Environ(), "ARSRING_WORDPRESS="+home, "ARSRING_WORDPRESS_URL="+address, "ARSRING_WORDPRESS_CONFIG="+filepath.Join(home, "config.php"), "PHP_CLI_SERVER_WORKERS=3")
	database(t, home)
	fill := exec.CommandContext(t.Context(), php, "-d", "sendmail_path=/bin/true", "-d", "memory_limit=512M", "-d", "display_errors=stderr",
		filepath.Join(home, "fill.php"), tree, strconv.Itoa(posts), theme, strconv.FormatInt(now.Unix(), 10))
	var said bytes.Buffer
	fill.Env, fill.Stderr = env, &said
	out, err := fill.Output()
	site := WordPressSite{URL: address + "/"}
	if err == nil {
		err = json.Unmarshal(out, &site.Posts)
	}
	if err != nil || len(site.Posts) != posts {
		t.Fatalf("WordPress could not be filled: %v, %d posts\n%s", err, len(site.Posts), said.String())
	}
	serve := exec.CommandContext(t.Context(), php, "-d", "opcache.enable_cli=1", "-S", "127.0.0.1:"+strconv.Itoa(port), "-t", tree, filepath.Join(home, "router.php"))
	serve.Env = env
	keep(t, serve)
	await(t, "WordPress", func() error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodHead, site.URL, nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			defer res.Body.Close()
			if res.StatusCode != http.StatusOK {
				err = fmt.Errorf("status %d", res.StatusCode)
			}
		}
		return err
	})
	return site
}

// wordpressHome makes the folder of one site. Its path is short: a socket's may have 107 bytes.
func wordpressHome(t testing.TB, tree string) string {
	t.Helper()
	home, err := os.MkdirTemp("", "arsring-wp-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	for _, dir := range []string{"db", "wp-content/uploads", "wp-content/plugins", "wp-content/mu-plugins"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"config.php", "router.php", "fill.php"} {
		data, err := wordpressFiles.ReadFile("wordpress/" + name)
		if err == nil {
			err = os.WriteFile(filepath.Join(home, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	quiet := "<?php remove_action('wp_head', 'print_emoji_detection_script', 7); // it fetches pictures from its maker's host\n"
	if err := os.WriteFile(filepath.Join(home, "wp-content/mu-plugins/quiet.php"), []byte(quiet), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"themes", "languages"} {
		if err := os.Symlink(filepath.Join(tree, "wp-content", dir), filepath.Join(home, "wp-content", dir)); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// database starts MariaDB on a socket in home and makes an empty database in it. It asks nobody for a password: nobody else reaches the folder.
func database(t testing.TB, home string) {
	t.Helper()
	program, err := exec.LookPath("mariadbd")
	if err != nil {
		program = "/usr/sbin/mariadbd"
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(home, "db.sock")
	db := exec.CommandContext(t.Context(), program, "--no-defaults", "--user="+me.Username, "--datadir="+filepath.Join(home, "db"), "--socket="+socket, "--pid-file="+filepath.Join(home, "db.pid"),
		"--skip-networking", "--skip-grant-tables", "--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=64M")
	keep(t, db)
	await(t, "MariaDB", func() error {
		create := `mysqli_report(MYSQLI_REPORT_OFF); $m = new mysqli("localhost", "x", "", null, 0, $argv[1]); exit($m->connect_errno || !$m->query("CREATE DATABASE wordpress CHARACTER SET utf8mb4") ? 1 : 0);`
		return exec.CommandContext(t.Context(), Path(t, "php"), "-r", create, "--", socket).Run()
	})
}

// keep starts a program in a process group of its own and ends it with the test.
func keep(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v: run make tools", cmd.Path, err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), tail(said.String(), 2000))
		}
	})
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// await asks until ready gives no error, for as long as a loaded machine may need.
func await(t testing.TB, what string, ready func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ready()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s does not answer: %v", what, err)
		case <-tick.C:
		}
	}
}
