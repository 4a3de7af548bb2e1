(() => {
  const SECONDS = 3;
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.setAttribute("role", "status");
  notice.textContent = "The run has ended or was stopped. This page shows its last state. After a completed run, report.html is in its output folder.";
  const reload = async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok) {
        throw new Error(answer.statusText);
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const open = [...document.querySelectorAll("details")].map(details => details.open);
      document.querySelector("main").replaceWith(page.querySelector("main"));
      document.querySelectorAll("details").forEach((details, index) => {
        details.open = open[index] ?? false;
      });
      dispatchEvent(new Event("page-changed"));
      setTimeout(reload, SECONDS * 1000);
    } catch {
      document.querySelector("main").prepend(notice);
    }
  };
  setTimeout(reload, SECONDS * 1000);
})();
