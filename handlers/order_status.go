package handlers

import (
	"net/http"

	"foyer/payments"
	"foyer/registration"

	"github.com/labstack/echo/v4"
)

// orderStatus is what the status page polls for. Its keys are a public contract.
type orderStatus struct {
	Order    registration.OrderState `json:"order"`
	Payment  *payments.State         `json:"payment"` // of the newest payment
	Due      int64                   `json:"due"`     // minor units
	Currency registration.Currency   `json:"currency"`
}

// showOrderStatus handles GET /o/{code}/{secret}/status. It only reads.
func (s *Server) showOrderStatus(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	due := f.due()
	status := orderStatus{Order: f.order.State, Due: due.Minor, Currency: due.Cur}
	if p := f.newest(); p != nil {
		status.Payment = &p.State
	}
	return c.JSON(http.StatusOK, status)
}
