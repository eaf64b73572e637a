import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type Outcomes = Schemas["Outcomes"];
export type Hosts = Schemas["Hosts"];
export type Host = Schemas["Host"];
export type Providers = Schemas["Providers"];
export type Provider = Schemas["Provider"];
export type Replies = Schemas["Replies"];
export type Events = Schemas["Events"];
export type MailEvent = Schemas["Event"];
export type Status = Schemas["Status"];
export type Finding = Schemas["Finding"];
export type Pipeline = Schemas["Pipeline"];
export type Thresholds = Schemas["Thresholds"];

export const client = createClient<paths>({ baseUrl: "/" });

/** A problem document of the API, or what stands for one when there was no answer. */
export class ApiError extends Error {
  constructor(
    readonly title: string,
    readonly detail: string,
    /** To copy into a report: the problem's name, or the status. */
    readonly code: string,
    readonly status: number,
  ) {
    super(title);
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer. Throws `ApiError`. */
export async function ask<T>(question: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await question;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(
      "The API does not answer",
      "Figures on this page stay as they were. Mail and counting go on without it.",
      "api-unreachable",
      0,
    );
  }
  if (answer.data !== undefined) return answer.data;
  const problem = (typeof answer.error === "object" ? answer.error : null) as Record<string, unknown> | null;
  const text = (key: string) => (typeof problem?.[key] === "string" ? problem[key] : undefined);
  throw new ApiError(
    text("title") ?? "The API gave no answer",
    text("detail") ?? "",
    text("type")?.split(":").at(-1) ?? `http-${answer.response.status}`,
    answer.response.status,
  );
}
