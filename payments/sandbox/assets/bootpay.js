// The sandbox's stand-in for Bootpay's browser script 5.3, payments by redirect only. No real money moves.
(function () {
  "use strict";

  const script = document.currentScript || document.querySelector('script[src*="/bootpay-5.3.0.min.js"]');
  const origin = new URL(script.src).origin;

  // The real script rejects with an object, not with an Error.
  const refuse = (code, message) => Promise.reject({ event: "error", error_code: code, message: message });
  const isText = (value, max) => typeof value === "string" && value.length > 0 && value.length <= max;

  function isAddress(value) {
    try {
      return typeof value === "string" && /^https?:$/.test(new URL(value).protocol);
    } catch {
      return false;
    }
  }

  function checkItems(items, price) {
    let total = 0;
    for (const item of items) {
      if (!isText(item.id, 200)) return "NEED_ITEM_ID";
      if (!isText(item.name, 200)) return "NEED_ITEM_NAME";
      if (!Number.isFinite(item.qty)) return "NEED_ITEM_QTY";
      if (!Number.isFinite(item.price)) return "NEED_ITEM_PRICE";
      total += item.qty * item.price;
    }
    return total === price ? "" : "NEED_ITEM_TOTAL_PRICE_NOT_MATCH";
  }

  // check gives the code of what is wrong with a request, "" for a good one.
  function check(p) {
    if (!p || typeof p !== "object") return "INVALID_REQUEST_PARAMS";
    const key = p.client_key || p.application_id;
    if (!isText(key, 100)) return "NEED_CLIENT_KEY";
    if (!/^bootpay_(js|ck)_/.test(key)) return "APP_KEY_NOT_FOUND";
    if (!isText(p.order_id, 200) || !isText(p.order_name, 200)) return "NEED_MORE_PARAMS";
    if (typeof p.price !== "number" || !Number.isFinite(p.price) || p.price <= 0) return "NEED_MORE_PARAMS";
    if (p.items && p.items.length) return checkItems(p.items, p.price);
    return "";
  }

  // The payer's name, mail and phone stay in the page: the window does not need them.
  function windowAddress(p) {
    const extra = p.extra || {};
    const query = new URLSearchParams({
      price: String(p.price), order_id: p.order_id, order_name: p.order_name, redirect_url: p.redirect_url || extra.redirect_url,
    });
    if (p.client_key) query.set("client_key", p.client_key);
    else query.set("application_id", p.application_id);
    if (p.locale || extra.locale) query.set("locale", p.locale || extra.locale);
    if (extra.separately_confirmed === true) query.set("separately_confirmed", "true");
    if (extra.common_event_webhook === true) query.set("common_event_webhook", "true");
    if (extra.timeout) query.set("timeout", String(extra.timeout));
    return origin + "/bootpay/window?" + query;
  }

  window.Bootpay = {
    // Goes to the window as a full page; the promise settles only when the request is refused.
    requestPayment(request) {
      const code = check(request);
      if (code) return refuse(code, "The request is not valid.");
      const extra = request.extra || {};
      if (extra.open_type && extra.open_type !== "redirect") {
        return refuse("INVALID_REQUEST_PARAMS", "The sandbox always redirects: leave open_type out or say redirect.");
      }
      if (!isAddress(request.redirect_url || extra.redirect_url)) {
        return refuse("NEED_MORE_PARAMS", "redirect_url must be an address with its origin.");
      }
      return new Promise(() => window.location.assign(windowAddress(request)));
    },
    setLocale() {},
    destroy() {},
  };
})();
