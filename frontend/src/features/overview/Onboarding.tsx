import { Cable } from "lucide-react";
import { Empty } from "@/components/ui/states";

/** The first sight: nothing has come yet, and how to make it come. */
export function Onboarding() {
  return (
    <section className="panel" aria-labelledby="onboarding-title" data-testid="onboarding">
      <h2 id="onboarding-title" className="sr-only">
        Connect a ZoneMTA
      </h2>
      <Empty icon={Cable} title="Connect a ZoneMTA">
        <p>
          Wildwatch is up and waits for its first mail event. A small plugin inside ZoneMTA sends each
          queueing, delivery, deferral and bounce; it never holds mail up, and keeps what it cannot send.
        </p>
        <ol className="mt-3 flex list-decimal flex-col gap-3 pl-5">
          <li>
            Make a key for the host, here:
            <Command text="wildwatch key add --host mta1.example.net > wildwatch.key" />
          </li>
          <li>
            Copy the folder <code className="mono">deploy/zonemta-plugin</code> and the key to the host, and
            name both in ZoneMTA’s configuration:
            <Command
              text={`[plugins."wildwatch"]\nenabled = ["receiver", "sender", "main"]\nurl = "https://watch.example.net:8443"\nkey_file = "/etc/zone-mta/wildwatch.key"`}
            />
          </li>
          <li>
            Restart ZoneMTA. Attempts, providers and replies appear here about a second after the next
            message.
          </li>
        </ol>
        <p className="mt-3">
          No mail at hand? <code className="mono">make run DEMO=1</code> adds a simulated cluster.
        </p>
      </Empty>
    </section>
  );
}

function Command({ text }: { text: string }) {
  return (
    <pre className="mono mt-1.5 overflow-x-auto rounded-cell border border-line bg-canvas px-3 py-2 text-second text-text select-all">
      {text}
    </pre>
  );
}
