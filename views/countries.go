package views

import (
	"slices"
	"strings"
	"sync"

	"foyer/registration"
)

// Country is one choice in a list of countries.
type Country struct {
	Code string // ISO 3166 alpha-2
	Name string
}

const countryKey = "country."

// Countries lists the countries by name in language l; in Korean, Korea comes first.
func Countries(l registration.Lang) []Country { return countries[l]() }

var countries = map[registration.Lang]func() []Country{
	registration.Korean:  sync.OnceValue(func() []Country { return countriesIn(registration.Korean) }),
	registration.English: sync.OnceValue(func() []Country { return countriesIn(registration.English) }),
}

func countriesIn(l registration.Lang) []Country {
	var all []Country
	for key := range words()[l] {
		if code, ok := strings.CutPrefix(key, countryKey); ok {
			all = append(all, Country{code, T(l, key)})
		}
	}
	home := func(c Country) bool { return l == registration.Korean && c.Code == "KR" }
	slices.SortFunc(all, func(a, b Country) int {
		switch {
		case home(a):
			return -1
		case home(b):
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all
}

// CountryName is the name of a country in language l; the code itself when there is none.
func CountryName(l registration.Lang, code string) string {
	if Has(l, countryKey+code) {
		return T(l, countryKey+code)
	}
	return code
}

// IsCountry reports whether code is one of the countries.
func IsCountry(code string) bool { return Has(registration.English, countryKey+code) }
