/** VitePress's own theme, with programs that run and the raw API. */
import DefaultTheme from "vitepress/theme";
import type { Theme } from "vitepress";
import RawApi from "./RawApi.vue";
import RunnableSnippet from "./RunnableSnippet.vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("RawApi", RawApi);
    app.component("RunnableSnippet", RunnableSnippet);
  },
} satisfies Theme;
