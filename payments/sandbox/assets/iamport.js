// The sandbox's stand-in for PortOne's iamport.js. Its window is a frame whose result goes to the callback, or, where the real
// one leads on by redirect, a page. No real money moves.
(function () {
  "use strict";

  const script = document.currentScript || document.querySelector('script[src*="/v1/iamport.js"]');
  const origin = new URL(script.src).origin;
  let shop = "";

  const phone = () => /Android|iPhone|iPad|Mobile/i.test(navigator.userAgent);
  const company = (request) => String(request.pg || "").split(".")[0];

  // Eximbay and PayPal call back on telephones, too; NaverPay redirects everywhere unless it is told to open a window of its own.
  function redirects(request) {
    if (!request.m_redirect_url) return false;
    if (["eximbay", "paypal_v2"].includes(company(request))) return false;
    return phone() || request.naverPopupMode === false;
  }

  // What is wrong before a window opens goes to the callback; without one, on a telephone, to m_redirect_url.
  function tell(request, callback, answer) {
    if (callback) {
      callback(answer);
    } else if (phone() && request.m_redirect_url) {
      const to = new URL(request.m_redirect_url);
      for (const name of Object.keys(answer)) to.searchParams.set(name, answer[name]);
      window.location.assign(to);
    }
  }

  function frame(address, impUid, done) {
    const layer = document.createElement("div");
    Object.assign(layer.style, { position: "fixed", inset: "0", background: "rgba(0,0,0,.5)", zIndex: "2147483647" });
    const inner = document.createElement("iframe");
    inner.src = address;
    inner.title = "Sandbox payment";
    inner.dataset.testid = "portonev1-window";
    Object.assign(inner.style, { position: "absolute", inset: "0", margin: "auto", width: "min(100%, 480px)", height: "100%", border: "0", background: "#fff" });
    layer.append(inner);
    document.body.append(layer);
    window.addEventListener("message", function hear(e) {
      const result = e.data && e.data.portonev1;
      if (e.origin !== origin || !result || result.imp_uid !== impUid) return;
      window.removeEventListener("message", hear);
      layer.remove();
      done(result);
    });
  }

  async function request_pay(request, callback) {
    if (!shop) throw new Error("IMP.init comes first.");
    if (!request || typeof request.amount !== "number") {
      tell(request || {}, callback, { error_code: "INVALID_PARAMETER", error_msg: "amount must be a number." });
      return;
    }
    // The payer's name, mail and phone stay in the page: the window does not need them.
    const { buyer_name, buyer_email, buyer_tel, buyer_addr, buyer_postcode, ...rest } = request;
    const away = redirects(request);
    const order = { ...rest, code: shop, origin: away ? "" : window.location.origin };
    const answer = await fetch(origin + "/portonev1/prepare?request=" + encodeURIComponent(JSON.stringify(order)), { credentials: "omit" });
    const way = await answer.json();
    if (way.error_code) tell(request, callback, { ...way, merchant_uid: request.merchant_uid });
    else if (away) window.location.assign(way.window);
    else frame(way.window, way.imp_uid, (result) => tell(request, callback, result));
  }

  const buttons = {};

  window.IMP = {
    init(code) {
      shop = shop || code;
    },
    request_pay,
    // PayPal shows a button of its own in the page; what it sends is what was said last.
    loadUI(type, request, callback) {
      const all = [...document.querySelectorAll(".portone-ui-container")];
      const box = all.length === 1 ? all[0] : all.find((el) => el.dataset.portoneUiType === type);
      if (!box) throw new Error("There is no portone-ui-container.");
      buttons[type] = request;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.dataset.testid = "paypal-button";
      button.textContent = "PayPal";
      button.addEventListener("click", () => request_pay(buttons[type], callback));
      box.replaceChildren(button);
    },
    updateLoadUIRequest(type, request) {
      buttons[type] = request;
    },
    agency() {},
  };
})();
