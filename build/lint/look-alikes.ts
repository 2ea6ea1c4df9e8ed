/** Cyrillic, Greek and other letters that a reader takes for Latin ones, in rows of look-alike, letter. */
const ROWS =
  'аa вb сc ԁd еe ёe ғf ԍg һh іi їi јj кk ӏl мm нh оo рp ԛq гr ѕs тt цu ѵv ԝw хx уy ўy зz ҽe ӕa ' +
  'αa βb ςc δd εe ϝf ɡg ηn ιi ϳj κk λl μu νv οo ρp σo τt υu ωw χx γy ζz ɑa ƅb ɩi ꜱs ʀr ᴛt ᴇe ᴀa ʙb ᴄc ᴅd ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ᴜu ᴠv ᴡw ʏy ᴢz ıi ȷj łl øo đd ħh ŧt'

/** Letter that a look-alike stands for, both lower case. */
export const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  ROWS.split(' ').flatMap((row) => {
    const [look, letter] = [[...row][0], [...row].at(-1)]
    return look === undefined || letter === undefined ? [] : [[look, letter] as const]
  }),
)
