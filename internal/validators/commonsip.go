package validators

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// CommonsIP holds an unpacked package, the folder that METS.xml lies in, against E-ARK CSIP and SIP
// 2.1.0. The folder must bear the package's name (METS OBJID), as it does when it is delivered.
// Valid is the report's summary.result: warnings and notes do not make a package invalid, and are
// not among the failed.
func CommonsIP(t testing.TB, dir string) Result {
	t.Helper()
	dir = absolute(t, dir)
	result, err := parseCommonsIP(mustRun(t, Path(t, "commons-ip"), dir))
	if err != nil {
		t.Fatalf("commons-ip on %s: %v", dir, err)
	}
	return result
}

// commonsIPReport is the part of commons-ip's JSON report that is read here.
type commonsIPReport struct {
	Header struct {
		Specifications []struct {
			ID string `json:"id"`
		} `json:"specifications"`
	} `json:"header"`
	Summary struct {
		Result string `json:"result"`
	} `json:"summary"`
	Validation []struct {
		ID       string `json:"id"`
		Location string `json:"location"`
		Level    string `json:"level"`
		Testing  struct {
			Outcome string   `json:"outcome"`
			Issues  []string `json:"issues"`
		} `json:"testing"`
	} `json:"validation"`
}

func parseCommonsIP(report []byte) (Result, error) {
	var parsed commonsIPReport
	if err := json.Unmarshal(report, &parsed); err != nil {
		return Result{}, fmt.Errorf("its report is no JSON: %w", err)
	}
	if parsed.Summary.Result == "" {
		return Result{}, fmt.Errorf("its report has no summary.result")
	}
	result := Result{Valid: parsed.Summary.Result == "VALID"}
	var profiles []string
	for _, specification := range parsed.Header.Specifications {
		profiles = append(profiles, specification.ID)
	}
	result.Profile = strings.Join(profiles, ", ")
	for _, requirement := range parsed.Validation {
		// What is only recommended fails with warnings, and without issues.
		if requirement.Testing.Outcome == "FAILED" && len(requirement.Testing.Issues) > 0 {
			result.add(requirement.ID, fmt.Sprintf("(%s %s): %s",
				requirement.Level, requirement.Location, strings.Join(requirement.Testing.Issues, "; ")))
		}
	}
	return result, nil
}
