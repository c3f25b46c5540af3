package capture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Confinement is what the kernel says of a browser's processes that read foreign pages.
type Confinement struct {
	Renderers  int  // processes that were found
	Namespaced bool // each in a process namespace of its own: Chrome's first layer
	Filtered   bool // each behind a filter of system calls: the second
}

// Confined says that both layers hold.
func (c Confinement) Confined() bool { return c.Renderers > 0 && c.Namespaced && c.Filtered }

// Confinement opens an empty page and asks the kernel how the processes that show it are held. It tells a sandbox that was asked for from one
// that is there. On a system without /proc it gives an error.
func (b *Browser) Confinement(ctx context.Context) (Confinement, error) {
	var c Confinement
	tab, cancel := chromedp.NewContext(b.ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	if _, err := chromedp.Call(tab, page.Navigate, page.NavigateParams{URL: "data:text/html,<p>."}); err != nil {
		return c, errors.Join(err, ctx.Err())
	}
	families, err := family(b.pid)
	if err != nil {
		return c, err
	}
	c.Namespaced, c.Filtered = true, true
	for _, pid := range families {
		cmdline, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
		if err != nil || !strings.Contains(string(cmdline), "--type=renderer") {
			continue // ended meanwhile, or not one that reads pages
		}
		status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
		if err != nil {
			continue
		}
		c.Renderers++
		c.Namespaced = c.Namespaced && len(strings.Fields(field(string(status), "NSpid"))) > 1
		c.Filtered = c.Filtered && strings.TrimSpace(field(string(status), "Seccomp")) == "2"
	}
	if c.Renderers == 0 {
		return Confinement{}, errors.New("no process of Chrome's that shows a page was found")
	}
	return c, nil
}

// family gives a process and all that descend from it.
func family(root int) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("this system does not say how its processes are held: %w", err)
	}
	children := map[int][]int{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		status, err := os.ReadFile(filepath.Join("/proc", e.Name(), "status"))
		if err != nil {
			continue
		}
		if parent, err := strconv.Atoi(strings.TrimSpace(field(string(status), "PPid"))); err == nil {
			children[parent] = append(children[parent], pid)
		}
	}
	out := []int{root}
	for i := 0; i < len(out); i++ {
		out = append(out, children[out[i]]...)
	}
	return out, nil
}

// field is the value of a line "Name:\tvalue" of a process's status.
func field(status, name string) string {
	for line := range strings.Lines(status) {
		if v, ok := strings.CutPrefix(line, name+":"); ok {
			return v
		}
	}
	return ""
}
