import { CAPABILITIES, type KnownCapabilities } from "./capabilities.js";
import { lint } from "./lint.js";
import { shapeFindings, unknownFields } from "./shape.js";
import { error, isObject, type Json, type Violation } from "./violation.js";

/**
 * Check a film without asking the platform: what it would refuse, with its codes, and what probably is not meant. Sources are
 * not looked at.
 *
 * @param capabilities - What `client.capabilities.get()` answers; those that came with this package unless given.
 */
export function validateScene(scene: unknown, capabilities?: unknown): Violation[] {
  const known = (capabilities ?? CAPABILITIES) as KnownCapabilities;
  return [...findings(scene, known), ...unknownFields(scene, known)];
}

function findings(scene: unknown, known: KnownCapabilities): Violation[] {
  const compositions = compositionFindings(scene);
  if (compositions.length) return compositions;
  const shape = shapeFindings(scene, known);
  return shape.length ? shape : lint(scene as Json, known);
}

function compositionFindings(scene: unknown): Violation[] {
  const elements: unknown[] = isObject(scene) && Array.isArray(scene["elements"]) ? scene["elements"] : [];
  return elements.flatMap((element, index) =>
    isObject(element) && element["type"] === "composition"
      ? [error(`/elements/${index}/type`, "unsupported_feature", "elements of type composition are not supported yet")]
      : [],
  );
}
