function send(form) {
  if (form.sent) { alert("資料傳送中,請稍候。"); return; }
  form.sent = true;
  form.submit();
}
