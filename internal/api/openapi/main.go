// Command openapi writes docs/openapi.json. Run it through go generate in the
// api package.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/harrier-hunting/harrier/internal/api"
)

func main() {
	to := flag.String("to", "../../docs/openapi.json", "the file to write")
	flag.Parse()
	text, err := api.OpenAPI()
	if err == nil {
		err = os.WriteFile(*to, text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}
