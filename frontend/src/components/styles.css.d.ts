/** The style sheet has no values; this only lets `import "@agui-lockstep/client/styles.css"` compile. */
export {};
