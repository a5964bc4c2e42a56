// Prepares the register's pages (Unfold) for the content security policy: what its templates call by name or keep in
// inline expressions stands here, registered, so that no string is ever evaluated as code.
const darkness = window.matchMedia("(prefers-color-scheme: dark)");
const followDarkness = () => document.documentElement.classList.toggle("dark", darkness.matches);
darkness.addEventListener("change", followDarkness);
followDarkness();

document.addEventListener("alpine:init", () => {
  Alpine.data("searchForm", searchForm);
  Alpine.data("registerPage", () => ({
    openModal: false,
    filterOpen: false,
    sidebarDesktopOpen: false,
    activeTab: document.body.dataset.tab,
    // The form's address is an expression over window.location, which the strict build keeps out of reach.
    window: { location: { pathname: location.pathname, search: location.search } },
  }));
});
