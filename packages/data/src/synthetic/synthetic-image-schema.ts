import { choiceField, integerField, mappingField, withDefault } from "@core/registry";
import * as v from "valibot";
import { countFields, distributionProblem } from "./count-fields.js";
import { PICTURE_CONTENTS } from "./picture-content.js";
import { PICTURE_SIZE_FIELDS, pictureSize } from "./picture-size.js";

const fields = v.strictObject({
  kind: v.literal("synthetic_image"),
  ...countFields("output_tokens", "output tokens asked for"),
  ...PICTURE_SIZE_FIELDS,
  seed: withDefault(integerField("Seed of the pixels; that of the run does not change them."), 42),
  format: withDefault(choiceField("Encoding.", ["jpeg", "png"]), "jpeg"),
  jpeg_quality: withDefault(integerField("Quality of a JPEG.", { minimum: 1, maximum: 100 }), 85),
  content: withDefault(choiceField("What the pixels show.", PICTURE_CONTENTS), "gradient"),
  images_per_request: withDefault(integerField("Images of a request.", { minimum: 1 }), 1),
  load_kwargs: withDefault(mappingField("Options of the reader."), {}),
});

/** Args of generated images. */
export type SyntheticImageArgs = v.InferOutput<typeof fields>;

/** Generated images. */
export const SyntheticImageSchema = v.pipe(
  fields,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const size = pictureSize(dataset.value);
    if (typeof size === "string") addIssue({ message: size });
    const counts = distributionProblem(dataset.value, "output_tokens");
    if (counts !== null) addIssue({ message: counts });
  }),
);
