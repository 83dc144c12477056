// The title of the tab tells how far the job of the page is.

const ownTitle = document.title;

function showProgress() {
  const live = document.querySelector("#job-live[data-progress]");
  document.title = live ? `${live.dataset.progress} % · ${ownTitle}` : ownTitle;
}

document.addEventListener("htmx:load", showProgress);
showProgress();
