package main

import (
	"encoding/json"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"foyer/store"
)

// sampleEvent is the documented event file with a gateway at api.
func sampleEvent(t *testing.T, api string) string {
	t.Helper()
	data, err := os.ReadFile("registration/testdata/eventfile/sample.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "http://127.0.0.1:9100", api)
}

func TestArgumentsThatAreWrongExitWithTwo(t *testing.T) {
	for _, args := range [][]string{nil, {"dance"}, {"event"}, {"event", "apply"}, {"ledger"}, {"ledger", "x", "--format", "pdf"}, {"staff", "add", "a@example.org"}, {"serve", "--fast"}, {"restore"},
		{"backup", ""}, {"event", "apply", ""}, {"restore", "."}, {"restore", "nothing-here"}} {
		h := newTestHouse(t)
		if code, _, errs := h.do("", args...); code != exitSettings || !strings.HasPrefix(errs, "foyer: ") {
			t.Errorf("foyer %v: exit %d and %q, want %d and a sentence", args, code, errs, exitSettings)
		}
	}
}

func TestCommandsThatReadMakeNoDatabase(t *testing.T) {
	for _, args := range [][]string{
		{"doctor"}, {"ledger", "x"}, {"event", "export", "x"}, {"reconcile"}, {"reconcile", "--day", "2027-07-01"}, {"backup", filepath.Join(t.TempDir(), "b")},
	} {
		h := newTestHouse(t)
		path := store.PathOf(h.env["FOYER_DATABASE_URL"])
		code, _, errs := h.do("", args...)
		if code != exitSettings || !strings.Contains(errs, path) || strings.Count(errs, "\n") != 1 {
			t.Errorf("foyer %v in a wrong folder: exit %d and %q, want %d and a sentence that names %s", args, code, errs, exitSettings, path)
		}
		if left, err := os.ReadDir(h.dir); err != nil || len(left) > 0 {
			t.Errorf("foyer %v in a wrong folder leaves %v there (%v)", args, left, err)
		}
	}
}

func TestAFileThatIsNoDatabaseIsNamed(t *testing.T) {
	h := newTestHouse(t)
	path := h.file("foyer.db", strings.Repeat("no database. ", 1000))
	for _, command := range []string{"doctor", "migrate", "serve"} {
		if code, _, errs := h.do("", command); code == 0 || !strings.Contains(errs, path+": ") || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit %d and %q, want a sentence that names %s", command, code, errs, path)
		}
	}
}

func TestHelpAndVersionNeedNothing(t *testing.T) {
	h := newTestHouse(t)
	h.env = map[string]string{"FOYER_DATABASE_URL": "nonsense"}
	if out := h.must("", "--help"); !strings.Contains(out, "event apply") {
		t.Errorf("help says %q", out)
	}
	if out := h.must("", "version"); out != "foyer "+version+"\n" {
		t.Errorf("version says %q", out)
	}
}

func TestMigrateSaysWhatItDidAndDoesItOnce(t *testing.T) {
	h := newTestHouse(t)
	if out := h.must("", "migrate"); !strings.Contains(out, "was 0") {
		t.Errorf("first: %q", out)
	}
	if out := h.must("", "migrate"); !strings.Contains(out, "nothing to do") {
		t.Errorf("second: %q", out)
	}
}

func TestAnEventFileIsAppliedAndChangesAreToldWithoutSecrets(t *testing.T) {
	h := newTestHouse(t)
	file := h.file("apsys.yaml", sampleEvent(t, "http://127.0.0.1:9"))
	if out := h.must("", "event", "apply", file); !strings.Contains(out, "created with 1 category, 1 extra, 1 quota, 1 channel") {
		t.Errorf("created: %q", out)
	}
	if out := h.must("", "event", "apply", file); !strings.Contains(out, "nothing changed") {
		t.Errorf("again: %q", out)
	}
	h.env["TOSS_SECRET_KEY"] = "test_sk_other"
	h.file("apsys.yaml", strings.NewReplacer("places: 300", "places: 310", "KRW: 150000", "KRW: 160000").Replace(sampleEvent(t, "http://127.0.0.1:9")))
	out := h.must("", "event", "apply", file)
	for _, want := range []string{"quotas.hall.places: 310, was 300", "categories.student.prices.early.KRW: 160000, was 150000", "channels.korea.credentials: changed"} {
		if !strings.Contains(out, want) {
			t.Errorf("changed: %q lacks %q", out, want)
		}
	}
	if strings.Contains(out, "test_sk") {
		t.Errorf("%q shows a credential", out)
	}
}

func TestChangesOfAnEventAreToldAsItsFileHasThem(t *testing.T) {
	h := newTestHouse(t)
	file := sampleEvent(t, "http://127.0.0.1:9") + "\nwaiting_list: {offer: 48h}\nchanges: {order: 2027-07-14, cancel: 2027-07-01}\nregistration: {opens: 2027-01-04}\n"
	h.must("", "event", "apply", h.file("e.yaml", file))
	out := h.must("", "event", "apply", h.file("e.yaml", strings.NewReplacer("offer: 48h", "offer: 90m", "order: 2027-07-14, ", "", "cancel: 2027-07-01", "cancel: 2027-07-01T12:00:00",
		"opens: 2027-01-04", "closes: 2027-07-20", "ends: 2027-07-23", "ends: 2027-07-24", "en: APSys 2027", "en: APSys").Replace(file)))
	for _, want := range []string{
		"waiting_list.offer: 1h30m, was 48h\n", "changes.order: removed, was 2027-07-14\n", "changes.cancel: 2027-07-01T12:00:00, was 2027-07-01\n",
		"opens: removed, was 2027-01-04\n", "closes: 2027-07-20 (new)\n", "ends: 2027-07-24, was 2027-07-23\n", "name.en: APSys, was \"APSys 2027\"\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q lacks %q", out, want)
		}
	}
	if strings.Contains(out, "0001-01-01") {
		t.Errorf("a day that is not there is told as one: %q", out)
	}
}

func TestCredentialsThatAFileLeavesOutStayAsStored(t *testing.T) {
	h := newTestHouse(t)
	text := sampleEvent(t, "http://127.0.0.1:9")
	h.must("", "event", "apply", h.file("e.yaml", text))
	delete(h.env, "TOSS_SECRET_KEY")
	without := strings.Replace(text, "      secret_key: ${TOSS_SECRET_KEY}\n", "", 1)
	if out := h.must("", "event", "apply", h.file("e.yaml", without)); !strings.Contains(out, "nothing changed") {
		t.Errorf("said %q", out)
	}
}

func TestWhatIsWrongWithAnEventFileIsToldWithFileAndLine(t *testing.T) {
	tests := map[string]struct {
		old, new string
		want     string
	}{
		"unknown key":            {"  ends:", "  venue: x\n  ends:", `e.yaml:5: event: unknown key "venue"`},
		"keys of the wrong kind": {"secret_key: ${TOSS_SECRET_KEY}", "secret_key: ${TOSS_CLIENT_KEY}", "e.yaml:24: channel korea: toss: secret_key holds a client key"},
		"unset variable":         {"${TOSS_SECRET_KEY}", "${NOBODY_SET_THIS}", "e.yaml:31: channels[0].credentials.secret_key: ${NOBODY_SET_THIS} is not set"},
		"live event, test keys":  {"mode: test", "mode: live", "e.yaml:32: channels[0].api_url: is for events in test mode only"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := newTestHouse(t)
			text := sampleEvent(t, "http://127.0.0.1:9")
			if !strings.Contains(text, tc.old) {
				t.Fatalf("the sample has no %q", tc.old)
			}
			code, _, errs := h.do("", "event", "apply", h.file("e.yaml", strings.Replace(text, tc.old, tc.new, 1)))
			if code != exitSettings || !strings.Contains(errs, tc.want) {
				t.Errorf("exit %d and %q, want %d and %q", code, errs, exitSettings, tc.want)
			}
			if strings.Contains(errs, "_society") {
				t.Errorf("%q shows a credential", errs)
			}
		})
	}
}

func TestStaffIsAddedWithAPasswordFromStandardInput(t *testing.T) {
	h := newTestHouse(t)
	h.must("", "event", "apply", h.file("e.yaml", sampleEvent(t, "http://127.0.0.1:9")))
	h.must("twelve chars\n", "staff", "add", "Office@example.org", "--role", "owner")
	h.must("twelve chars\r\n", "staff", "add", "office@example.org", "--role", "admin", "--event", "apsys-2027")
	wrong := map[string]struct {
		stdin string
		args  []string
	}{
		"short password": {"eleven char\n", []string{"a@example.org", "--role", "desk"}},
		"no password":    {"", []string{"a@example.org", "--role", "desk"}},
		"unknown role":   {"twelve chars\n", []string{"a@example.org", "--role", "boss"}},
		"unknown event":  {"twelve chars\n", []string{"a@example.org", "--role", "desk", "--event", "nope"}},
		"no address":     {"twelve chars\n", []string{"a", "--role", "desk"}},
	}
	for name, tc := range wrong {
		t.Run(name, func(t *testing.T) {
			if code, _, errs := h.do(tc.stdin, append([]string{"staff", "add"}, tc.args...)...); code != exitSettings || errs == "" {
				t.Errorf("exit %d and %q, want %d and a sentence", code, errs, exitSettings)
			}
		})
	}
}

func TestALinkSignsInWhoLostThePasswordAndNobodyElse(t *testing.T) {
	h := newTestHouse(t)
	if code, _, errs := h.do("", "staff", "link", "office@example.org"); code != exitSettings || !strings.Contains(errs, "FOYER_BASE_URL") {
		t.Errorf("without an address: exit %d and %q", code, errs)
	}
	h.env["FOYER_BASE_URL"] = "https://register.example.org"
	h.must("twelve chars\n", "staff", "add", "office@example.org", "--role", "owner")
	link, _, _ := strings.Cut(h.must("", "staff", "link", "Office@example.org"), "\n")
	token, ok := strings.CutPrefix(link, "https://register.example.org/sign-in/link?token=")
	if !ok {
		t.Fatalf("it printed %q", link)
	}
	if st, err := h.besides().UseSignInLink(t.Context(), token); err != nil || st.Email != "office@example.org" {
		t.Errorf("the link lets %q in: %v", st.Email, err)
	}
	if code, _, errs := h.do("", "staff", "link", "nobody@example.org"); code != exitSettings || !strings.Contains(errs, "staff add") {
		t.Errorf("for nobody: exit %d and %q", code, errs)
	}
}

func TestTheSecretKeyIsMadeOnceBesideTheDatabaseAndIsPrivate(t *testing.T) {
	h := newTestHouse(t)
	file := h.file("e.yaml", sampleEvent(t, "http://127.0.0.1:9"))
	h.must("", "event", "apply", file)
	path := keyPath(h.env["FOYER_DATABASE_URL"])
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != fs.FileMode(0o600) {
		t.Fatalf("key file: %v, %v", info, err)
	}
	kept := path + ".kept"
	if err := os.Rename(path, kept); err != nil {
		t.Fatal(err)
	}
	code, _, errs := h.do("", "event", "apply", file)
	if code != exitSettings || !strings.Contains(errs, path) {
		t.Errorf("without the key: exit %d and %q", code, errs)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Error("a new key was left in the place of the lost one")
	}
	if err := os.Rename(kept, path); err != nil {
		t.Fatal(err)
	}
	h.must("", "event", "apply", file)
}

func TestABackupIsRestoredWithItsKeyOnly(t *testing.T) {
	h := newTestHouse(t)
	h.must("", "event", "apply", h.file("e.yaml", sampleEvent(t, "http://127.0.0.1:9")))
	backup := filepath.Join(h.dir, "backup.db")
	if out := h.must("", "backup", backup); !strings.Contains(out, keyPath(h.env["FOYER_DATABASE_URL"])) {
		t.Errorf("backup does not say where the key is: %q", out)
	}
	if code, _, _ := h.do("", "backup", backup); code != exitFailed {
		t.Errorf("a second backup to the same file: exit %d, want %d", code, exitFailed)
	}
	h.must("", "restore", backup)
	h.must("", "ledger", "apsys-2027")

	other := newTestHouse(t)
	other.must("", "event", "apply", other.file("e.yaml", sampleEvent(t, "http://127.0.0.1:9")))
	if code, _, errs := other.do("", "restore", backup); code != exitSettings || !strings.Contains(errs, "another secret key") {
		t.Errorf("restore with another key: exit %d and %q", code, errs)
	}
}

func TestPostgreSQLIsBackedUpByItsOwnTools(t *testing.T) {
	h := newTestHouse(t)
	h.env["FOYER_DATABASE_URL"] = "postgres://foyer:hidden-password@127.0.0.1:1/foyer"
	for _, command := range []string{"backup", "restore"} {
		code, _, errs := h.do("", command, filepath.Join(h.dir, "x"))
		if code != exitSettings || !strings.Contains(errs, "use pg_dump") || strings.Contains(errs, "hidden-password") {
			t.Errorf("%s: exit %d and %q", command, code, errs)
		}
	}
	if code, _, errs := h.do("", "serve"); code != exitSettings || !strings.HasPrefix(errs, "FOYER_SECRET_KEY is missing") {
		t.Errorf("serve without a key: exit %d and %q", code, errs)
	}
}

func TestADatabaseOfANewerVersionIsRefused(t *testing.T) {
	h := newTestHouse(t)
	s, err := store.Open(t.Context(), store.Config{URL: h.env["FOYER_DATABASE_URL"]})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(t.Context(), store.Locks{}, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
		return err
	})
	if err != nil || s.Close() != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"serve", "migrate", "doctor", "reconcile"} {
		if code, _, errs := h.do("", command); code != exitFailed || !strings.Contains(errs, "newer version") {
			t.Errorf("%s: exit %d and %q", command, code, errs)
		}
	}
}

func TestDoctorNamesEveryInvariantAndFailsWhenOneIsBroken(t *testing.T) {
	h := newTestHouse(t)
	h.must("", "event", "apply", h.file("e.yaml", sampleEvent(t, "http://127.0.0.1:9")))
	out := h.must("", "doctor")
	for _, c := range store.Checks() {
		if !strings.Contains(out, c.Holds) {
			t.Errorf("doctor does not name %s: %s", c.Invariant, c.Holds)
		}
	}
	s, err := store.Open(t.Context(), store.Config{URL: h.env["FOYER_DATABASE_URL"]})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(t.Context(), store.Locks{}, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE quotas SET sold = 3`)
		return err
	})
	if err != nil || s.Close() != nil {
		t.Fatal(err)
	}
	code, out, _ := h.do("", "doctor")
	if code != exitFailed || !strings.Contains(out, "broken  I17") {
		t.Errorf("exit %d and %q, want %d and I17", code, out, exitFailed)
	}
}

func TestTheLedgerOfAnEventWithoutOrdersHasEveryKey(t *testing.T) {
	h := newTestHouse(t)
	h.must("", "event", "apply", h.file("e.yaml", sampleEvent(t, "http://127.0.0.1:9")))
	var got map[string]any
	if err := json.Unmarshal([]byte(h.must("", "ledger", "apsys-2027", "--format", "json")), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"event", "orders", "receipts", "attention", "quotas", "audit"} {
		if got[key] == nil {
			t.Errorf("no %s", key)
		}
	}
	if code, _, errs := h.do("", "ledger", "nope"); code != exitSettings || errs == "" {
		t.Errorf("unknown event: exit %d and %q", code, errs)
	}
	if out := h.must("", "ledger", "apsys-2027", "--format", "xlsx"); !strings.HasPrefix(out, "PK") {
		t.Error("xlsx is no workbook")
	}
}

func TestTheDemoAndItsSandboxStayOnThisMachine(t *testing.T) {
	t.Chdir(t.TempDir())
	tests := map[string]struct{ name, value string }{
		"every address":         {"FOYER_ADDR", "0.0.0.0:0"},
		"sandbox everywhere":    {"FOYER_SANDBOX_ADDR", "0.0.0.0:0"},
		"reached from anywhere": {"FOYER_BASE_URL", "https://example.org"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := newTestHouse(t)
			h.env[tc.name] = tc.value
			if code, _, errs := h.do("", "demo"); code != exitSettings || !strings.HasPrefix(errs, tc.name+" ") {
				t.Errorf("exit %d and %q", code, errs)
			}
		})
	}
}

func TestAnAddressInUseIsSaidInASentence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	h := newTestHouse(t)
	h.env["FOYER_ADDR"] = l.Addr().String()
	if code, _, errs := h.do("", "serve"); code != exitFailed || !strings.Contains(errs, "another program listens there") {
		t.Errorf("exit %d and %q", code, errs)
	}
}

func TestAWebhookAddressIsToldOnlyWhereAGatewaySendsThem(t *testing.T) {
	h := newTestHouse(t)
	h.env["FOYER_BASE_URL"] = "https://register.example.org"
	text := sampleEvent(t, "http://127.0.0.1:9")
	i := strings.Index(text, "channels:\n") + len("channels:\n")
	text = text[:i] + "  - {id: desk, gateway: transfer, currency: KRW, methods: [on_site]}\n" + text[i:]
	out := h.must("", "event", "apply", h.file("apsys.yaml", text))
	if !strings.Contains(out, "webhooks of korea: https://register.example.org/webhooks/apsys-2027/korea") || strings.Contains(out, "webhooks of desk") {
		t.Errorf("apply says %q", out)
	}
}
