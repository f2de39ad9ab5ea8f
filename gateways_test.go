package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

// kits are the contracts that the sandbox has, for each gateway that makes calls.
var kits = map[string]gatewaytest.Kit{
	"allat": gatewaytest.Allat, "bootpay": gatewaytest.Bootpay, "portonev1": gatewaytest.PortoneV1, "portonev2": gatewaytest.PortoneV2,
	"stripe": gatewaytest.Stripe, "toss": gatewaytest.Toss,
}

// TestTheTableOfGatewaysIsTrue holds docs/gateways/README.md against the adapters: what it says that they can do they must say too, and
// what it says that they take must make a gateway.
func TestTheTableOfGatewaysIsTrue(t *testing.T) {
	table := readTables(t, "docs/gateways/README.md")
	if len(table) != len(adapters) {
		t.Errorf("%d gateways in the table, %d in the program", len(table), len(adapters))
	}
	for name := range adapters {
		row := table[name]
		if row == nil {
			t.Errorf("%s is in no table", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			caps := contracted(t, name)
			for column, can := range map[string]bool{
				"partial refund": caps.PartialRefund, "inquiry": caps.Inquiry, "list of a day": caps.Lists, "signed webhook": caps.SignedWebhooks,
				"virtual account": takes(name, registration.KRW, "", payments.MethodVirtualAccount),
			} {
				if said := strings.TrimLeft(row[column], "*"); strings.HasPrefix(said, "yes") != can || strings.HasPrefix(said, "no") == can {
					t.Errorf("%s: the table says %q, the adapter %v", column, row[column], can)
				}
			}
			sells(t, name, "domestic", row["cards issued in Korea"])
			sells(t, name, "overseas", row["cards issued abroad"])
		})
	}
}

// contracted is what a gateway says of itself under a contract of the sandbox.
func contracted(t *testing.T, name string) payments.Capabilities {
	t.Helper()
	c := payments.Channel{Gateway: name, Mode: registration.Test, Currency: registration.KRW, Methods: []string{"on_site"}}
	if kit, ok := kits[name]; ok {
		c = kit.Channel(kit.Contract("http://127.0.0.1:9"))
	}
	g, err := adapters[name](c, payments.NewTransport(time.Second))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g.Capabilities()
}

// takes reports whether some contract of the sandbox makes a gateway with that currency, those cards ("": as the contract says) and that method.
func takes(name string, cur registration.Currency, cards string, method payments.Method) bool {
	kit := kits[name]
	if kit.Contract == nil {
		return false
	}
	contracts := []func(string) payments.Channel{kit.Contract}
	for _, other := range kit.Others {
		contracts = append(contracts, other.Contract)
	}
	return slices.ContainsFunc(contracts, func(contract func(string) payments.Channel) bool {
		c := kit.Channel(contract("http://127.0.0.1:9"))
		c.Currency, c.Methods = cur, []string{string(method)}
		if cards != "" {
			c.Cards = cards
		}
		_, err := adapters[name](c, payments.NewTransport(time.Second))
		return err == nil
	})
}

var currencyCode = regexp.MustCompile(`\b[A-Z]{3}\b`)

// sells holds a cell of currencies against the adapter, which must take each of them, and none where the cell says no.
func sells(t *testing.T, name, cards, cell string) {
	t.Helper()
	codes := currencyCode.FindAllString(cell, -1)
	if (len(codes) == 0) != (cell == "no") {
		t.Errorf("%s cards: %q is neither currencies nor no", cards, cell)
	}
	for _, code := range codes {
		if !takes(name, registration.Currency(code), cards, payments.MethodCard) {
			t.Errorf("%s cards: the table says %s, which no contract takes", cards, code)
		}
	}
	if cell == "no" && takes(name, registration.KRW, cards, payments.MethodCard) {
		t.Errorf("%s cards: the table says no, the adapter takes them", cards)
	}
}

// TestTheTableOfGatewaysNamesTheClientsThatAreRun holds the versions in the table against those that are installed for the tests.
func TestTheTableOfGatewaysNamesTheClientsThatAreRun(t *testing.T) {
	raw, err := os.ReadFile("e2e/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var installed struct{ Dependencies map[string]string }
	if err := json.Unmarshal(raw, &installed); err != nil {
		t.Fatal(err)
	}
	client, named := regexp.MustCompile("`([^`]+)` ([0-9.]+)"), 0
	for name, row := range readTables(t, "docs/gateways/README.md") {
		for _, m := range client.FindAllStringSubmatch(row["tested with"], -1) {
			named++
			if installed.Dependencies[m[1]] != m[2] {
				t.Errorf("%s: tested with %s %s, but %q is installed", name, m[1], m[2], installed.Dependencies[m[1]])
			}
		}
	}
	if named < 5 {
		t.Errorf("only %d clients are named", named)
	}
}

// readTables reads the tables of a page whose first column is a gateway: its cells by the heading of their column.
func readTables(t *testing.T, path string) map[string]map[string]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]map[string]string{}
	var head []string
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			head = nil
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		name := strings.Trim(cells[0], " `")
		switch {
		case head == nil:
			head = cells
		case strings.HasPrefix(name, "-"):
		default:
			if rows[name] == nil {
				rows[name] = map[string]string{}
			}
			for i := range min(len(head), len(cells)) {
				rows[name][strings.TrimSpace(head[i])] = strings.TrimSpace(cells[i])
			}
		}
	}
	return rows
}
