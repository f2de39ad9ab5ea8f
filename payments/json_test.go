package payments_test

import (
	"encoding/json"
	"testing"

	"foyer/payments"
)

func TestAnAnswersPartsAreReadAsWrittenOrLeftOut(t *testing.T) {
	type part struct {
		Amount payments.Number `json:"amount"`
		Note   payments.Text   `json:"note"`
		Card   payments.Loose  `json:"card"`
	}
	type card struct {
		No string `json:"no"`
	}
	tests := map[string]struct {
		amount payments.Number
		note   payments.Text
		card   card
		fails  bool
	}{
		`{"amount":1e3,"note":"x","card":{"no":"1"}}`: {"1e3", "x", card{"1"}, false},
		`{"amount":9007199254740993}`:                 {"9007199254740993", "", card{}, false}, // one more than a float can tell
		`{"amount":-12.50,"note":7,"card":[]}`:        {"-12.50", "", card{}, false},
		`{"amount":null,"note":null,"card":null}`:     {"", "", card{}, false},
		`{"note":{},"card":{"no":7}}`:                 {"", "", card{}, false},
		`{"amount":"1000"}`:                           {fails: true},
		`{"amount":true}`:                             {fails: true},
		`{"amount":{}}`:                               {fails: true},
	}
	for body, tc := range tests {
		var got part
		err := json.Unmarshal([]byte(body), &got)
		if (err != nil) != tc.fails {
			t.Errorf("%s: %v", body, err)
		}
		if err == nil && (got.Amount != tc.amount || got.Note != tc.note || payments.Member[card](got.Card) != tc.card) {
			t.Errorf("%s: %+v", body, got)
		}
	}
}
