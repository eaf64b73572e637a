import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createPageRouter } from "./app/router";
import { applyTheme, useView } from "./lib/view";
import { connectLive } from "./stream/connection";
import "./styles.css";

const queries = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: true } } });
const router = createPageRouter();
connectLive(queries);
matchMedia("(prefers-color-scheme: light)").addEventListener("change", () =>
  applyTheme(useView.getState().theme),
);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
