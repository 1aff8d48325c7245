// Clients in Go, as their users write them: the scenario's name is the argument.
package main

import (
	"fmt"
	"os"
)

var (
	httpURL  = os.Getenv("COMPAT_HTTP")
	httpsURL = os.Getenv("COMPAT_HTTPS")
	token    = os.Getenv("COMPAT_TOKEN")
)

// step makes a call and prints what came of it. In the quick run the first one is all.
func step[T any](name string, call func() (T, error)) T {
	seen, err := call()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
	fmt.Printf("%s: %.160s\n", name, fmt.Sprintf("%+v", seen))
	if os.Getenv("COMPAT_QUICK") == "1" {
		os.Exit(0)
	}
	return seen
}

func wanted(found bool, what any) {
	if !found {
		fmt.Fprintf(os.Stderr, "not as wanted: %+v\n", what)
		os.Exit(1)
	}
}

func main() {
	switch os.Args[1] {
	case "pagerduty":
		pagerdutyScenario()
	case "pagerduty-fixed":
		pagerdutyFixedScenario()
	case "opsgenie":
		opsgenieScenario()
	}
}
