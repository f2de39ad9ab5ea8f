// The sandbox's stand-in for PortOne's browser SDK v2, by redirect only. No real money moves.
(function () {
  "use strict";

  const script = document.currentScript || document.querySelector('script[src*="/v2/browser-sdk.js"]');
  const origin = new URL(script.src).origin;

  class PaymentError extends Error {
    constructor(code, message, paymentId) {
      super(message);
      this.name = "PaymentError";
      this.transactionType = "PAYMENT";
      this.code = code;
      this.paymentId = paymentId;
    }
  }

  function check(request) {
    const need = (ok, message) => {
      if (!ok) throw new PaymentError("BadRequest", message, request && request.paymentId);
    };
    const isText = (value) => typeof value === "string" && value.length > 0;
    need(request && typeof request === "object", "requestPayment needs an object.");
    for (const name of ["storeId", "paymentId", "orderName", "currency", "payMethod"]) {
      need(isText(request[name]), name + " is missing.");
    }
    need(isText(request.channelKey) || isText(request.channelGroupId), "channelKey is missing.");
    need(Number.isSafeInteger(request.totalAmount) && request.totalAmount > 0, "totalAmount must be a whole number of minor units above 0.");
    need(!request.storeId.startsWith("imp"), "storeId is of PortOne's first version.");
    need(isText(request.redirectUrl) && /^https?:\/\//.test(request.redirectUrl), "The sandbox always redirects: give redirectUrl.");
    const customer = request.customer || {};
    need(!(customer.fullName && (customer.firstName || customer.lastName)), "customer has fullName, or firstName and lastName.");
  }

  // Opens the window as a full page, whatever windowType says. What goes wrong before that is told by the promise, never by redirect.
  async function requestPayment(request) {
    check(request);
    // The payer's name, mail and phone stay in the page: the window does not need them.
    const { customer, ...rest } = request;
    const answer = await fetch(origin + "/portonev2/prepare?request=" + encodeURIComponent(JSON.stringify(rest)), { credentials: "omit" });
    const way = await answer.json();
    if (way.code) throw new PaymentError(way.code, way.message, request.paymentId);
    window.location.assign(way.window);
    return new Promise(() => {});
  }

  window.PortOne = { requestPayment };
})();
