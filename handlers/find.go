package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// findForm asks for the links of an e-mail address.
type findForm struct {
	Email string `form:"email" validate:"required,text,max=254,mail,nocard"`
}

// showFind handles GET /find.
func (s *Server) showFind(c echo.Context) error {
	return s.render(c, http.StatusOK, views.Find(views.FindPage{Page: frame(c, nil, views.FindPath, "find.title")}))
}

// submitFind handles POST /find: the links are mailed. The answer is the same whether there are any or not.
func (s *Server) submitFind(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	filled := findForm{Email: f.email("email")}
	problems, err := problemsOf("find", filled)
	if err != nil {
		return err
	}
	page := frame(c, nil, views.FindPath, "find.title")
	if len(problems) > 0 {
		page.Error, page.Refused = true, refusedForm(c, views.FindPath)
		return s.render(c, http.StatusUnprocessableEntity, views.Find(views.FindPage{Page: page, Email: registration.WithoutCardNumbers(filled.Email), Problems: problems}))
	}
	if s.cfg.Rate && !s.finds.allow(store.Hash(strings.ToLower(filled.Email)), time.Now()) {
		return echo.NewHTTPError(http.StatusTooManyRequests)
	}
	if err := s.cfg.Store.AskForLinks(c.Request().Context(), filled.Email, langOf(c)); err != nil {
		return fmt.Errorf("ask for links: %w", err)
	}
	page.Title = views.T(page.Lang, "found.title")
	return s.render(c, http.StatusOK, views.Found(views.FoundPage{Page: page, Email: filled.Email}))
}

// findsPerMinute is how often links may be mailed to one address.
const findsPerMinute = 3
