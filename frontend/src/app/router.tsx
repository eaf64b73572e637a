import { createRootRoute, createRoute, createRouter, Link, retainSearchParams } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { Empty } from "@/components/ui/states";
import { MailPage } from "@/features/mail/MailPage";
import { OverviewPage } from "@/features/overview/OverviewPage";
import { PipelinePage } from "@/features/pipeline/PipelinePage";
import { Frame } from "./Frame";
import { frameSearch, mailSearch, overviewSearch, parseSearch, stringifySearch } from "./search";

const rootRoute = createRootRoute({
  component: Frame,
  validateSearch: frameSearch,
  // Range, host and zone follow from screen to screen.
  search: { middlewares: [retainSearchParams(["from", "to", "host", "tz"])] },
  notFoundComponent: NotFound,
});

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  component: OverviewPage,
  validateSearch: overviewSearch,
});

const mailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/mail",
  component: MailPage,
  validateSearch: mailSearch,
});

const pipelineRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/pipeline",
  component: PipelinePage,
  validateSearch: frameSearch,
});

function NotFound() {
  return (
    <div className="panel">
      <Empty
        icon={Compass}
        title="There is no such screen"
        action={
          <Link to="/" className="control">
            Open the overview
          </Link>
        }
      >
        The address may be of another version of Wildwatch, or mistyped.
      </Empty>
    </div>
  );
}

export function createPageRouter() {
  return createRouter({
    routeTree: rootRoute.addChildren([overviewRoute, mailRoute, pipelineRoute]),
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}
