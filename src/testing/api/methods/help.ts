/**
 * Configuration: https://core.telegram.org/api/config
 *
 * The data centers and limits, and empty answers about promotions and terms of service.
 */
import { dcOptionsOf } from "../objects/dc_options.ts";
import { MESSAGE_LENGTH } from "./messages.ts";
import type { Methods } from "./method.ts";

const HOUR_SECONDS = 3600;
const APP_CONFIG_HASH = 1;

/** Configuration. */
export const helpMethods: Methods = {
  "help.getConfig": {
    callers: "anyone",
    answer(_request, { state, caller }) {
      const date = state.nowSeconds();
      return {
        _: "config",
        date,
        expires: date + HOUR_SECONDS,
        testMode: state.testMode,
        thisDc: caller.dcId,
        dcOptions: dcOptionsOf(state),
        dcTxtDomainName: "localhost",
        chatSizeMax: 200,
        megagroupSizeMax: 200_000,
        forwardedCountMax: 100,
        onlineUpdatePeriodMs: 210_000,
        offlineBlurTimeoutMs: 5_000,
        offlineIdleTimeoutMs: 30_000,
        onlineCloudTimeoutMs: 300_000,
        notifyCloudDelayMs: 30_000,
        notifyDefaultDelayMs: 1_500,
        pushChatPeriodMs: 60_000,
        pushChatLimit: 2,
        editTimeLimit: 172_800,
        revokeTimeLimit: 2_147_483_647,
        revokePmTimeLimit: 2_147_483_647,
        ratingEDecay: 2_419_200,
        stickersRecentLimit: 200,
        channelsReadMediaPeriod: 604_800,
        callReceiveTimeoutMs: 20_000,
        callRingTimeoutMs: 90_000,
        callConnectTimeoutMs: 30_000,
        callPacketTimeoutMs: 10_000,
        meUrlPrefix: "https://t.me/",
        captionLengthMax: 1024,
        messageLengthMax: MESSAGE_LENGTH,
        webfileDcId: caller.dcId,
      };
    },
  },

  "help.getNearestDc": {
    callers: "anyone but bots",
    answer(_request, { caller }) {
      return { _: "nearestDc", country: "US", thisDc: caller.dcId, nearestDc: caller.dcId };
    },
  },

  "help.getAppConfig": {
    callers: "anyone but bots",
    answer(request) {
      if (request.hash === APP_CONFIG_HASH) return { _: "help.appConfigNotModified" };
      return {
        _: "help.appConfig",
        hash: APP_CONFIG_HASH,
        config: { _: "jsonObject", value: [] },
      };
    },
  },

  "help.getPromoData": {
    callers: "users",
    answer(_request, { state }) {
      return { _: "help.promoDataEmpty", expires: state.nowSeconds() + HOUR_SECONDS };
    },
  },

  "help.getTermsOfServiceUpdate": {
    callers: "users",
    answer(_request, { state }) {
      return { _: "help.termsOfServiceUpdateEmpty", expires: state.nowSeconds() + HOUR_SECONDS };
    },
  },
};
