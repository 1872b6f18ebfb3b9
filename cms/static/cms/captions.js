// Captions are on from the first press of play. The attribute `default` would fetch them
// before it, and the page promises that nothing is. A film draws its own; a recording has
// no picture to draw on, so its words stand in an area below it.
for (const player of document.querySelectorAll("audio, video")) {
  const track = player.textTracks[0];
  if (!track) continue;
  const area = player.localName === "audio" && player.nextElementSibling;
  const begin = () => {
    track.mode = area ? "hidden" : "showing";
    if (area) area.hidden = false;
  };
  player.addEventListener("play", begin, { once: true });
  if (!area) continue;
  track.addEventListener("cuechange", () => {
    area.replaceChildren(...[...track.activeCues].map((cue) => cue.getCueAsHTML()));
  });
}
