package views

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/a-h/templ"
)

// launchData writes what the gateway's script needs, as data that is no script: encoding/json escapes every < and &, so that no value
// can end the element.
func launchData(launch any) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		data, err := json.Marshal(launch)
		if err != nil {
			return fmt.Errorf("write launch data: %w", err)
		}
		_, err = fmt.Fprintf(w, `<script type="application/json" id="launch">%s</script>`, data)
		return err
	})
}
