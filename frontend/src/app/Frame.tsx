import { useIsFetching } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { KeyboardSheet } from "./KeyboardSheet";
import { useKeys } from "./keys";
import { OfflineBanner } from "./OfflineBanner";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";

/** Rail, top bar, and the screen between them. */
export function Frame() {
  const [isSheetOpen, setSheetOpen] = useState(false);
  useKeys({ openSheet: () => setSheetOpen(true) });
  const isFetching = useIsFetching() > 0;
  return (
    <div className="min-h-dvh bg-canvas md:pl-14">
      <a href="#main" className="sr-only-focusable control absolute top-2 left-2 z-50">
        Skip to content
      </a>
      <Rail />
      <div className="sticky top-0 z-30">
        <TopBar onHelp={() => setSheetOpen(true)} />
        <div className={`h-0.5 ${isFetching ? "bg-line-strong" : "bg-transparent"}`} aria-hidden="true" />
        <OfflineBanner />
      </div>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto max-w-[2200px] px-3 pt-2.5 pb-20 outline-none md:px-5 md:pb-5"
      >
        <Outlet />
      </main>
      <KeyboardSheet isOpen={isSheetOpen} onClose={() => setSheetOpen(false)} />
    </div>
  );
}
