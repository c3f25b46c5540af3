package validators

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// VeraPDF holds PDF files against one profile in a single run of veraPDF, because starting it
// costs more than checking ten files does.
//
// The flavour is veraPDF's name for the profile: "2a", "2u", "2b", "3a", "ua1" and so on; the empty
// string means what each file declares itself (all of it, where it declares PDF/A and PDF/UA),
// and PDF/A-1b for a file that declares nothing. The results are keyed by the paths as they were given.
func VeraPDF(t testing.TB, flavour string, paths ...string) map[string]Result {
	t.Helper()
	if len(paths) == 0 {
		t.Fatal("veraPDF was given no file")
	}
	if flavour == "" {
		flavour = "0"
	}
	args := []string{"--flavour", flavour, "--format", "json", "--maxfailuresdisplayed", "1", "--nonpdfext"}
	given := map[string]string{} // by absolute path
	for _, path := range paths {
		abs := absolute(t, path)
		given[abs] = path
		args = append(args, abs)
	}
	// Its exit code tells of the worst file only: the report is what counts.
	out := run(t, Path(t, "verapdf"), args...)
	results, err := parseVeraPDF(out.stdout)
	if err != nil {
		t.Fatalf("veraPDF: %v (%v)\n%s", err, out.err, out.stderr)
	}
	verdicts := make(map[string]Result, len(given))
	for abs, path := range given {
		result, ok := results[abs]
		if !ok {
			t.Fatalf("veraPDF said nothing about %s (%v)\n%s", abs, out.err, out.stderr)
		}
		verdicts[path] = result
	}
	return verdicts
}

// veraPDFReport is the part of veraPDF's JSON report that is read here.
type veraPDFReport struct {
	Report struct {
		Jobs []veraPDFJob `json:"jobs"`
	} `json:"report"`
}

type veraPDFJob struct {
	ItemDetails struct {
		Name string `json:"name"`
	} `json:"itemDetails"`
	ValidationResult []veraPDFValidation `json:"validationResult"`
	TaskException    *struct {
		Message string `json:"exceptionMessage"`
	} `json:"taskException"`
}

type veraPDFValidation struct {
	ProfileName string `json:"profileName"`
	Compliant   bool   `json:"compliant"`
	Details     struct {
		RuleSummaries []veraPDFRule `json:"ruleSummaries"`
	} `json:"details"`
}

type veraPDFRule struct {
	Clause      string `json:"clause"`
	TestNumber  int    `json:"testNumber"`
	Description string `json:"description"`
	Failed      int    `json:"failedChecks"`
	Checks      []struct {
		Context string `json:"context"`
		Message string `json:"errorMessage"`
	} `json:"checks"`
}

// parseVeraPDF gives the results by the names veraPDF has for the files.
func parseVeraPDF(report []byte) (map[string]Result, error) {
	var parsed veraPDFReport
	if err := json.Unmarshal(report, &parsed); err != nil {
		return nil, fmt.Errorf("its report is no JSON: %w", err)
	}
	results := map[string]Result{}
	for _, job := range parsed.Report.Jobs {
		results[job.ItemDetails.Name] = job.result()
	}
	return results, nil
}

func (job veraPDFJob) result() Result {
	// Valid only when something was checked, and all of it held.
	result := Result{Valid: len(job.ValidationResult) > 0 && job.TaskException == nil}
	if job.TaskException != nil {
		result.add("unreadable", job.TaskException.Message)
	}
	var profiles []string
	for _, validation := range job.ValidationResult {
		profiles = append(profiles, strings.TrimSuffix(validation.ProfileName, " validation profile"))
		result.Valid = result.Valid && validation.Compliant
		for _, rule := range validation.Details.RuleSummaries {
			result.add(fmt.Sprintf("%s-%d", rule.Clause, rule.TestNumber), rule.detail())
		}
	}
	result.Profile = strings.Join(profiles, ", ")
	return result
}

func (rule veraPDFRule) detail() string {
	detail := fmt.Sprintf("(%d times): %s", rule.Failed, rule.Description)
	if len(rule.Checks) > 0 {
		detail += fmt.Sprintf(" [%s: %s]", rule.Checks[0].Context, rule.Checks[0].Message)
	}
	return detail
}
