"""More ways to ask, first and later, all to learn from; bars and line ends part them."""

import re


def _parted(wordings: str) -> tuple[str, ...]:
    return tuple(re.split(r"\s*[|\n]\s*", wordings.strip()))


_QUESTIONS = {
    "describe": """
        Describe what you see. | Give me a description. | a description please
        What have we got here? | what is going on in this picture | Explain what this shows.
        Could you describe this for me? | Can you tell me what this is? | What's this?
        I cannot see the picture, what is in it? | What is it a picture of? | tell me what this is
        Give an overview of the picture. | Write a caption. | so what is this
        Look at this image. | Please describe the picture you were given.
        whats this supposed to be
        """,
    "ocr": """
        Spell out the text. | Give me the text. | Extract all text | show me the words in it
        Can you read this? | what words are there | Which words can you read? | read this please
        Please transcribe every word. | Type out the text. | List all the words you can read.
        Could you read it to me? | What is printed here? | I need the text of this picture.
        Text only. | Tell me what it says. | get the text | Write down what is written.
        """,
    "table": """
        Give me a table. | Extract the data. | As comma separated values, please. | to csv
        Export this as CSV. | show it as a table | Can you make a table of this?
        I need this as a CSV file. | Could you tabulate it? | Put the numbers in a table.
        Transcribe the data as CSV. | data as csv | Get me the data, comma separated.
        list the values in a table | Convert to CSV | csv of the numbers
        Please tabulate the data.
        """,
    "title": """
        Give the title. | Show me the title. | Spell out the title. | Extract the title.
        What is the name of this book? | What is it called? | Can you read the title?
        Could you tell me the title of this book? | Name the book. | what book is that
        Please tell me which book this is. | How is the book called? | and the title is?
        Which title is printed on it? | What's the title on the cover? | I want to know the title.
        """,
    "author": """
        Give the author. | Show me the author. | Name the author. | Extract the author's name.
        Who is it written by? | Whose book is this? | Who was this written by? | written by?
        Could you tell me who wrote this book? | What is the author called?
        who's the author here | Please tell me the name of the writer. | spell out the author
        Name the writer. | Which writer wrote it? | I want to know the author.
        the name of the author pls
        """,
    "count": """
        Give me the number of {about}. | Tell me the number of {about}. | {about} count
        How many {about} does the picture have? | How many {about} can you find?
        amount of {about} | Can you tell me how many {about} there are?
        how many {about} are in it | What is the count of {about}? | Please count all {about}.
        Count every one of the {about}. | how many {about} have we got here
        I need the number of {about}. | and how many {about} is that
        Could you count the {about} for me? | total {about}? | Find all {about} and count them.
        """,
    "extremes": """
        Give the highest and lowest value. | Show me the highest and the lowest bar.
        lowest and highest | Find the maximum and the minimum. | What are the maximum and minimum?
        maximum, minimum? | Tell me which bar is the longest and which the shortest.
        longest and shortest | Which has the most and which has the least? | most and least?
        top value and lowest value pls | What is the biggest and what is the smallest value?
        List the largest and the smallest bar. | Can you name the highest and lowest values?
        Who has the most, and who has the least?
        """,
    "value": """
        Give the value of {about}. | Show me the value of {about}. | Look up {about}.
        {about} is? | How high is {about}? | How much did {about} get?
        Find the value for {about}. | What does the chart say for {about}?
        What is the figure for {about}? | number for {about} | Can you read the value of {about}?
        Could you tell me how much {about} has? | How long is the bar of {about}?
        I need the value of {about}. | {about}: which value? | Which number stands at {about}?
        What is {about} at? | the value for {about} please
        """,
    "compare": """
        Find the differences. | List the differences. | Show me what changed. | Any differences?
        Compare the images. | Compare both. | What differs? | how do these differ
        What is not the same in the two pictures? | Where do they differ? | Tell the differences.
        Can you compare these? | Could you spot what has changed? | differences between the two
        How is the second picture different from the first? | Point out the differences.
        What has changed from the first to the second? | compare these two for me
        Compare the second picture to the first. | compare the first picture and the second picture
        first and second: what is different? | How do the first and the second picture differ?
        What is different between the first and the second? | Compare the first one to the second.
        differences of the first and second picture? | Compare picture one and picture two.
        """,
    "one of two": """
        Show the {about} one. | Give me the {about} picture. | Explain the {about} picture.
        Which thing is the {about} one? | what can you see in the {about} one
        just the {about} picture | Please describe only the {about} picture.
        And in the {about} picture? | {about} image | Can you describe the {about} image?
        What's in the {about} image? | the {about} pic | Look at the {about} picture: what is it?
        Which things are in the {about} picture? | What does the {about} one show?
        Could you tell me what the {about} picture is?
        """,
    "markdown": """
        Give me Markdown. | Show it in Markdown. | Transcribe it as a Markdown table. | md please
        Extract the table as Markdown. | Format this as Markdown. | Format: Markdown table.
        Can you write this in Markdown? | I need it in Markdown format. | markdown format
        Could you turn this into a Markdown table? | Please use Markdown. | In md, please.
        Put it into a Markdown table. | Write down everything as Markdown. | markdown version pls
        Rewrite this as a table in Markdown format. | export as markdown
        """,
    "objects": """
        Give me a list. | Show me a list of all shapes. | Write it as a list.
        everything as a list please | List what is there, line by line.
        List each kind of shape with its number and places. | Can you list all the shapes?
        Could you make a bulleted list? | bullet points pls | I need a list of the objects.
        Itemise the shapes. | An inventory of the picture, please.
        Go through the shapes, one line each. | a list of what is in it | shapes as a list
        One line for each kind of shape: how many, and where. | Make an inventory.
        """,
    "distance": """
        Give the distance to {about}. | Show me the distance to {about}.
        Tell me the km to {about}. | How far is it from here to {about}?
        How many kilometers is it to {about}? | {about} km? | How many kilometres away is {about}?
        how long to {about} | how far off is {about} | Can you tell me how far {about} is?
        What distance does the sign give for {about}? | How many km is {about} away?
        I want to go to {about}, how far is it? | far to {about}? | Is it far to {about}?
        Read the distance to {about}. | and {about}, how far is that
        """,
    "way": """
        Give the direction of {about}. | Show me the way to {about}. | Point me to {about}.
        Where does the arrow for {about} point? | In what direction is {about}?
        {about} which way | Which way must I turn for {about}?
        Do I turn left or right for {about}? | {about} where | Can you tell me where {about} is?
        What direction do I take for {about}? | I want to go to {about}, which way is it?
        Left, right or straight ahead to {about}? | Where must I go to get to {about}?
        and {about}, left or right | direction for {about} pls
        """,
    "price": """
        Give the price of {about}. | Show me the price of {about}. | Look up the price of {about}.
        How much would {about} be? | How much is it for {about}? | how expensive is {about}
        What do they charge for {about}? | What will {about} cost me? | {about}, how much is it
        Can you tell me what {about} costs? | Find the price of {about}. | {about} costs?
        I would like {about}, what does it cost? | Price for {about}?
        what do you pay for {about} | What price is given for {about}? | how much money is {about}
        At what price is {about}?
        """,
    "cheapest": """
        Give the cheapest item. | Show me the cheapest. | Find the cheapest item.
        the cheapest pls | What is the least expensive item? | Which has the lowest price?
        minimum price? | Which item costs the least? | What can I get for the least money?
        Can you tell me the cheapest item? | lowest priced item | what is cheapest here
        Which of them is the least expensive? | I want the cheapest, which is it? | lowest cost?
        What is the lowest price here? | the item with the lowest price
        Tell me the lowest price.
        """,
    "dearest": """
        Give the most expensive item. | Show me the dearest. | Find the most expensive item.
        What is the priciest item? | Which has the highest price? | maximum price?
        the priciest pls | Which item costs the most? | What must I pay the most for?
        Can you tell me the most expensive item? | highest priced item | what is dearest here
        Which of them is the dearest? | I want the most expensive, which is it? | highest cost?
        What is the highest price here? | the item with the highest price
        Tell me the highest price.
        """,
    "cell": """
        Give the {about}. | Show me the {about}. | Extract the {about}.
        Can you read the {about}? | What does it say for the {about}?
        What stands there for the {about}? | {about} is? | Could you tell me the {about}?
        I need the {about}. | In the table, what is the {about}? | Look for the {about}.
        Please read me the {about}. | so the {about}? | value: {about}
        Which entry is the {about}? | What is written for the {about}? | Spell out the {about}.
        """,
}

_FOLLOW_UPS = {
    "shorter": """
        Briefly, please. | Keep it short. | Summarise it. | Summarize that. | too long
        Can you make it shorter? | Could you be brief? | Give me the short version. | in short pls
        Put it in one sentence. | Now a summary, please. | ok, and in a sentence? | Cut it down.
        Just a short summary. | and briefly? | Say that in fewer words.
        """,
    "again": """
        Now describe all of it. | Tell me everything again. | Describe that once again.
        Can you describe it again? | Could you repeat the description? | and the whole picture?
        Give me the full description. | Repeat that, please. | So what is in the whole picture?
        ok, describe the picture again | What was in the picture again? | the full description pls
        Go over it all again. | What did the picture show? | Say it again in full.
        """,
    "read": """
        Now transcribe the text. | Read it out. | Spell out the text. | and what is written?
        Can you read the text? | Could you read what it says? | Give me the text. | text please
        Which words are on it? | Extract the text, please. | ok, and what does it say
        Show me the words. | Are there any words? | What text is there? | now the text
        Type out what is written. | Does it say anything? | and now read it all out
        Transcribe all of it. | Please transcribe it all. | Read it. | read this now
        Now read the words. | Write the text. | And the words?
        """,
    "and": """
        ok, now {about} | What is it for {about}? | and for {about}? | Same question for {about}.
        How about {about}? | And with {about}? | then {about}? | also {about}, please
        And the same for {about}? | {about} as well? | next: {about}
        Can you tell me the same of {about}? | and then {about} | Ok. And what of {about}?
        now for {about} | Give me {about}, too. | and what of {about}
        """,
    "and the other": """
        How about the other one? | ok and the other | now the other one, please
        And what of the other? | the same for the other one | And for the other one? | other one
        Same question for the other. | the remaining one? | and that other one
        Can you tell me that of the other one, too? | Now what about that other one?
        then the other one? | the other one as well | also the other one please
        """,
    "colour": """
        Tell me the colour of {about}. | Name the color of {about}. | which color is {about}
        What is the colour of {about}? | In what colour is {about}? | ok, what colour is {about}
        And the color of {about}? | {about}: what colour? | How is {about} coloured?
        Can you tell me what color {about} is? | Give me the colour of {about}.
        {about} has which colour | What color does {about} have?
        Is {about} red, blue, green or another colour? | Which color does {about} have?
        And what is the color of {about}? | now {about}: its colour?
        """,
    "place": """
        Tell me the place of {about}. | Name the place of {about}. | In which place is {about}?
        Where can {about} be seen? | Where is {about} located? | ok, where is {about}
        And the position of {about}? | {about}: where? | In which corner is {about}?
        where exactly is {about} | Can you tell me where to find {about}?
        Give me the position of {about}. | Where should I look for {about}?
        show me where {about} is | Whereabouts is {about}?
        In which part of the picture is {about}? | location of {about}?
        And is {about} left or right? | where do I find {about} | where can I find {about}?
        tell me the place of {about} | Tell me where I find {about}.
        """,
    "size": """
        Tell me the size of {about}. | What is the size of {about}? | Is {about} a big one?
        How big is {about}, then? | {about}: large or small? | ok, how big is {about}
        Which size does {about} have? | size of {about} | And is {about} large? | is {about} small
        Can you tell me how large {about} is? | Give me the size of {about}.
        And how small is {about}? | What size does {about} have?
        is {about} a large one or a small one | Is {about} big? | Which size is {about}?
        big or small, {about}? | now the size of {about}
        """,
    "shape": """
        Tell me the shape of {about}. | What is the shape of {about}? | Which form has {about}?
        ok, what is {about} | {about}: which shape? | shape of {about} | What form is {about}?
        And the shape of {about}? | Give me the shape of {about}. | What does {about} look like?
        Can you tell me what shape {about} is? | And what kind of shape is {about}?
        What sort of shape is {about}? | Is {about} a circle, a square or what?
        What shape does {about} have? | Name the shape of {about}. | and {about} is what shape
        """,
    "its colour": """
        Tell me its colour. | Name its color. | which color is it | And the colour? | the color?
        What colour is that one? | what color is that | In what colour is it? | ok, what colour
        Which colour has it? | Can you tell me what colour it is? | Give me its colour.
        And what is its color? | color please | How is it coloured?
        Is it red, or what colour is it? | What is the colour of it? | And what colour is that?
        """,
    "its place": """
        Tell me its place. | Where is that? | And its position? | In which place is it?
        location? | Where is it located? | where's that one | ok, where is it then
        Where does it stand? | Can you tell me where it is? | Give me its position.
        In which corner is it? | Where should I look for it? | show me where it is
        Whereabouts is it? | and the place? | In which part of the picture is it?
        And where is that one?
        """,
    "its size": """
        Tell me its size. | What is the size of it? | Is that a big one? | size? | the size?
        How big is that one? | how large is that | large or small? | ok, how big is it
        Which size does it have? | Can you tell me how large it is? | Give me its size.
        And how big is it? | Is that one large? | is it small | And is it a large one?
        What size does it have? | And what size is that?
        """,
    "its shape": """
        Tell me its shape. | What is the shape of it? | Which form has it? | shape? | the shape?
        What shape is that one? | what kind of shape is that | What form is it? | ok, what shape
        What shape does it have? | Can you tell me what shape it is? | Give me its shape.
        And what kind of shape is it? | Is it a circle, or what is it? | What does it look like?
        What sort of shape is that? | And what shape is that?
        """,
    "what at": """
        Tell me what is {about}. | Name the thing {about}. | What is to be seen {about}?
        ok, what is {about} | And {about}, what is there? | What stands {about}? | {about}?
        Which object is {about}? | Is there anything {about}? | what have we got {about}
        Can you tell me what is {about}? | What do you find {about}? | the one {about}?
        And what do you see {about}? | {about}: what is it? | show me what is {about}
        What shape do you see {about}? | now the one {about} | Is anything {about}?
        """,
    "is there": """
        Does the picture have {about}? | Does the picture show {about}?
        Is {about} in the picture? | Do you also see {about}? | ok, is there {about}
        any chance of {about}? | is {about} there | And can you see {about}?
        Tell me if there is {about}. | Can {about} be seen? | {about}: yes or no?
        Is there {about} somewhere? | Have we got {about}? | Do you find {about} in it?
        Is {about} among them? | so do you see {about} | Would there be {about}, too?
        And does it show {about}? | Could you look for {about}? | is {about} in it
        """,
    "how many": """
        Say how many {about} there are. | Give me the number of {about}. | {about}: how many?
        And how many {about} are in it? | ok, how many {about} | the number of {about}, please
        so count the {about} | How many {about} can you see? | And what is the count of {about}?
        and {about}, how many | Can you count the {about}? | Count only the {about}.
        Are there any {about}, and how many? | How many are {about}? | and the count of {about}?
        now how many {about} | just the {about}: how many | How many {about} has it?
        And what about the number of {about}? | Please count the {about}.
        """,
    "value": """
        Tell me the value of {about}. | Give me the value of {about}. | and the value of {about}?
        What does {about} have? | ok, how much is {about} | And how high is {about}?
        now {about}: how much? | Which number is at {about}? | What is the figure for {about}?
        and what does {about} get | Can you read the value of {about}? | How high is {about}?
        Which value does {about} have? | Show me the number of {about}.
        And how much has {about}? | {about}: which value? | Look up {about}, please.
        the number at {about}? | What is {about} at?
        """,
    "highest": """
        Tell me the highest. | Give me the highest value. | Name the highest bar. | the maximum?
        What is the maximum? | ok, which is highest | And the biggest? | Which has the most?
        Who has the most? | the longest bar? | And which value is the largest?
        Can you tell me which one is highest? | Which bar is the longest? | max?
        and the longest one | Which is the biggest of them? | now the highest one, please
        Show me the highest one.
        """,
    "lowest": """
        Tell me the lowest. | Give me the lowest value. | Name the lowest bar. | the minimum?
        What is the minimum? | ok, which is lowest | Which has the least? | Who has the least?
        the shortest bar? | And which value is the smallest?
        Can you tell me which one is lowest? | Which bar is the shortest? | min?
        and the shortest one | Which is the smallest of them? | now the lowest one, please
        Show me the lowest one.
        """,
    "higher": """
        Tell me which is higher, {about}. | Compare: {about}? | {about}: which is more?
        Which bar is higher, {about}? | ok, which is higher, {about} | Which is longer, {about}?
        Which of them has more, {about}? | {about}, which has the higher value?
        And who has more, {about}? | Can you say which is higher, {about}?
        What is bigger, {about}? | {about}, who has more | Which of the two is larger: {about}?
        Is {about} higher? | Who is ahead, {about}? | Which has the higher value, {about}?
        more: {about} | and what is larger, {about}?
        """,
    "higher than that": """
        Compare it with {about}. | And compared with {about}? | Is it larger than {about}?
        What is higher, it or {about}? | ok, is {about} higher | Which is more, that or {about}?
        Does it have more than {about}? | Or is {about} higher? | Has {about} got more?
        Is {about} more? | is that larger than {about} | And which is higher, it or {about}?
        Which of the two is higher, that one or {about}? | Can you compare that with {about}?
        Is that one higher than {about}? | does {about} have a higher value | bigger than {about}?
        """,
    "above": """
        Give me the one above. | Tell me the value above it. | one up? | And the one before that?
        What is just above it? | ok, and the one above | What value has the bar above?
        What does the one above have? | the previous bar? | And the previous?
        how much is the one above | Can you read the one above? | And the next one up?
        now the one above that, please | The bar before it? | And what comes above it?
        and the bar on top of that
        """,
    "below": """
        Give me the one below. | Tell me the value below it. | one down? | And the one after that?
        What is just below it? | ok, and the one below | What value has the bar below?
        What does the one below have? | the following bar? | And the following?
        how much is the one below | Can you read the one below? | And the next one down?
        now the one below that, please | The bar after it? | And what comes below it?
        and the bar under that
        """,
    "bars": """
        Count the bars, please. | Tell me the number of bars. | ok, how many bars
        the count of bars? | How many bars can you see? | And how many values are there?
        How many bars are in it? | Can you count the bars? | What is the number of bars?
        and how many are there in all | Give me the number of bars. | How many labels are there?
        how many entries has the chart | And how many bars does it show? | now count all bars
        How many bars are shown?
        """,
    "chart title": """
        Tell me the title. | Give me the title. | Read the title. | And its name?
        name of the chart? | Under which title? | ok, and the title | What is the heading?
        the heading, please | How is the chart called? | What does the chart show, by its title?
        now its title | Can you read the title? | What stands above the bars?
        And what is the title? | Which title is above it? | Show me the title.
        what name does the chart have
        """,
    "table": """
        Make it a table. | Turn that into a table. | ok, as a table | and as a table?
        Tabulate it. | Can you put that in a table? | Convert it to CSV. | csv please
        now in CSV, please | Could I have it comma separated? | Give me the table. | to csv
        Show it as a table. | All of it as CSV. | Write that down as CSV.
        And can you make a table? | Export it as CSV.
        """,
    "title": """
        Tell me the title. | Give me the title again. | Read the title.
        And the name of the book? | What title does the book have? | ok, and the title
        now the title only | how is it called | Can you read the title? | Which book is that?
        Name the book. | What is that book called? | And which title is on it?
        Show me the title. | title please
        """,
    "author": """
        Tell me the author. | Give me the author. | Name the author. | And whose book is it?
        Who is that book by? | ok, and the author | now the author only | And by whom is it?
        the writer? | Can you tell me who wrote it? | And who is the writer?
        What is the author's name? | Who was it written by? | and the name of the author
        author please | Show me the author. | who has written that book? | written by whom?
        and who wrote it all | Who is it that wrote it?
        """,
    "first name": """
        Tell me the first name. | Give me the first name. | the given name?
        ok, and the first name | What is the given name? | What is his or her first name?
        now only the first name | Can you tell me the author's first name?
        And the writer's first name? | Name the first name. | first name please
        Which given name does the author have? | and the forename?
        What first name does the author have? | Read me the first name.
        """,
    "last name": """
        Tell me the last name. | Give me the last name. | the surname? | ok, and the last name
        What is the family name? | What is his or her last name? | now only the last name
        Can you tell me the author's last name? | And the writer's last name? | Name the surname.
        last name please | Which surname does the author have? | and the family name?
        What last name does the author have? | Read me the last name.
        """,
    "words": """
        Tell me how many words the title has. | Give me the number of words in the title.
        How long is the title, in words? | ok, how many words has it in the title
        And how many words are there in the title? | words in the title?
        how many words make up the title | Can you count the words in the title?
        Is the title a single word? | And is it one word or two?
        What is the number of words in the title? | now count the title's words
        one word or more? | Of how many words is the title? | The title: how many words?
        """,
    "picture": """
        Tell me about the {about} one. | Show me the {about} one. | Describe the {about} picture.
        And the {about} one? | ok, the {about} picture | now the {about} one | the {about}, please
        What is the {about} picture? | What does the {about} picture show?
        and in the {about} one? | Can you describe the {about} picture?
        And what is in the {about} picture? | {about} picture | Only the {about} one, please.
        What can you see in the {about}? | And the {about} image? | Explain the {about} one.
        Now what about the {about} picture?
        """,
    "same": """
        Are those the same? | Are they alike? | Do they look the same? | is it the same picture
        Are these two identical? | identical? | ok, are they the same | Are both the same?
        Is one like the other? | Or are they the same? | Do the two pictures differ at all?
        Can you tell me if they are the same? | And are they identical? | the same or not?
        So is there a difference? | Tell me whether they are the same. | same?
        Are they different or the same? | the same or different?
        """,
    "difference": """
        Tell me the differences. | List the differences. | Compare both. | ok, what is different
        And what has changed? | Now compare the pictures.
        How does the one differ from the other? | Can you compare them? | Where do they differ?
        Find the differences. | and what changed | What differs between them?
        And what are the differences? | Show me what is different. | Point out the differences.
        compare the two, please | and how do the pictures differ?
        """,
    "only the difference": """
        Only what differs, please. | Name only the difference. | ok, but only the difference
        Just tell me what changed. | Leave out the rest, what is different? | difference only
        Can you say only what is different? | And in short, what is the difference?
        Which difference is that, in a sentence? | Skip what is the same. | only the change please
        Just what has changed. | And the difference alone? | Give me only the difference.
        And briefly, what has changed? | So, in one sentence, what differs?
        """,
    "title of": """
        Tell me the title of the {about} one. | Give me the {about} title.
        and the {about} title? | Read the title in the {about} picture.
        What is the title of the {about} book? | ok, the title of the {about}
        What is the {about} title? | which book is the {about} one
        Which title is in the {about} picture? | Name the {about} book.
        And what is the {about} one called? | Can you read the title of the {about}?
        How is the {about} book called? | now the title of the {about} one
        What title does the {about} picture have?
        """,
    "author of": """
        Tell me the author of the {about} one. | Give me the {about} author.
        and the {about} author? | Read the author in the {about} picture.
        Who is the author of the {about} book? | ok, the author of the {about}
        Who is the {about} author? | by whom is the {about} one
        Which author is in the {about} picture? | Name the {about} writer.
        And who wrote the {about} one? | Can you tell me who wrote the {about}?
        Who is the writer of the {about} book? | now the author of the {about} one
        Who is the {about} book by?
        """,
    "markdown": """
        Turn it into Markdown. | Give me that in Markdown. | ok, as Markdown | And Markdown?
        Can you format it as Markdown? | Convert that to Markdown. | markdown please | in md?
        Could I have a Markdown table? | Show it as a Markdown table. | to markdown, please
        Use Markdown for it. | And the same in Markdown? | Now a Markdown table of that.
        Write that down as Markdown. | format that as markdown pls
        """,
    "list": """
        Make that a list. | Turn it into a list. | ok, as a list | And a list? | the list, please
        Can you list them? | List all of them, line by line. | Could I have a list of the shapes?
        Give me a list. | Show them as a list. | an inventory, please | now list all the shapes
        And each kind on its own line? | In bullet points, please. | And the same as a list?
        List what there is, and how many. | Write that as a list.
        """,
    "how far": """
        Tell me the distance to {about}. | How many kilometers to {about}? | {about}: how far?
        ok, how far is it to {about} | And the distance to {about}? | How far off is {about}?
        Can you tell me how far {about} is? | how many km to {about}
        And how far away is {about}? | How long is the way to {about}?
        Give me the distance to {about}. | now {about}: how many km | Is {about} far?
        And to {about}, how far is it? | What is the distance of {about}?
        How many kilometres away is {about}? | the distance to {about}, please
        """,
    "which way": """
        Tell me the way to {about}. | In what direction is {about}? | {about}: which way?
        ok, which way is it to {about} | And the direction of {about}? | And where is {about}?
        Can you tell me which way {about} is? | Do I go left or right for {about}?
        Where do I turn for {about}? | Give me the direction for {about}.
        now {about}: left or right | And to {about}, which way?
        Which direction do I take to {about}? | left or right for {about}
        Where does the arrow to {about} point? | the direction of {about}, please
        """,
    "how far it is": """
        Tell me how far. | How many kilometers is it? | how many km? | ok, how far is it
        the distance? | And the distance? | How far away is that? | Can you tell me how far it is?
        Is it far? | How long is the way? | Give me the distance. | now how far is that one
        And how far away is it? | What is the distance to it? | How many kilometres away is it?
        and in kilometres? | And how many km is that? | distance please
        """,
    "which way it is": """
        Tell me which way. | In what direction is it? | left or right? | ok, which way is it
        And the direction? | Where do I turn? | Can you tell me which way it is? | the direction?
        Do I go left or right? | Give me the direction. | now which way is that one
        where do I go | What is the direction? | Where does its arrow point?
        And where must I go for that? | And do I turn left or right? | direction please
        Which way do I turn for it?
        """,
    "nearest": """
        Tell me the nearest. | Name the nearest place. | the least far? | ok, which is nearest
        What is the closest place? | And the closest? | Which place is closest?
        Can you tell me which is the nearest? | Which of them is nearest?
        Give me the nearest one. | Which has the shortest way? | now the nearest one
        And which place is nearest of all? | What is the shortest distance?
        And where is the way shortest? | Show me the nearest.
        """,
    "farthest": """
        Tell me the farthest. | Name the farthest place. | the most far away?
        ok, which is farthest | What is the furthest place? | And the furthest?
        Which place is furthest? | Can you tell me which is the farthest?
        Which of them is farthest? | Give me the farthest one. | Which has the longest way?
        now the farthest one | And which place is farthest of all? | What is the longest distance?
        And where is the way longest? | Show me the farthest.
        """,
    "places": """
        Tell me how many places there are. | Count the places. | ok, how many places
        the number of places? | How many places are on it? | And how many boards are there?
        How many signs does it have? | Can you count the boards? | What is the number of places?
        and how many are there in all | Give me the number of places. | How many names are there?
        now count the signs | How many places can you read? | And how many places does it show?
        how many destinations
        """,
    "price": """
        Tell me the price of {about}. | Give me the price of {about}. | and the price of {about}?
        What is {about}, then? | ok, how much is {about} | And how much does {about} cost?
        {about}: how much? | What do I pay for {about}? | What is the cost for {about}?
        and what must I pay for {about} | Can you tell me what {about} costs?
        How expensive is {about}? | And how expensive is {about}? | Show me the price of {about}.
        now {about}: what does it cost | price of {about} | What would {about} cost me?
        And what do they want for {about}?
        """,
    "cheapest": """
        Tell me the cheapest. | Name the cheapest item. | the lowest price?
        ok, which is cheapest | What is the least expensive? | And the lowest price?
        Which item is the cheapest? | Can you tell me which is the cheapest?
        Which of them is cheapest? | Give me the cheapest. | Which has the lowest price?
        now the cheapest one | And which item costs the least?
        What can I get for the least money? | And what is cheapest of all? | least expensive?
        """,
    "dearest": """
        Tell me the most expensive. | Name the dearest item. | the highest price?
        ok, which is dearest | What is the priciest? | And the highest price?
        Which item is the most expensive? | Can you tell me which is the most expensive?
        Which of them is dearest? | Give me the dearest. | Which has the highest price?
        now the most expensive one | And which item costs the most?
        What must I pay the most for? | And what is dearest of all? | priciest?
        """,
    "cheaper": """
        Tell me which is cheaper, {about}. | Compare the prices: {about}?
        {about}: which costs less? | Which item is cheaper, {about}?
        ok, which is cheaper, {about} | What costs less, {about}?
        Which of them is cheaper, {about}? | {about}, which has the lower price?
        And what is cheaper, {about}? | Can you say which is cheaper, {about}?
        Which is less expensive, {about}? | {about}, what is cheaper
        Which of the two costs less: {about}? | Is {about} cheaper? | lower price: {about}
        Which has the lower price, {about}? | for less money, {about}?
        and which costs less, {about}?
        """,
    "next one": """
        Give me the next one. | Tell me the next. | one down? | And the one after that? | ok, next
        What is the next one? | And the following one? | the one below? | and below that
        Can you read the next one? | now the next one | And what comes after it?
        What about the next? | the one that follows? | And the one under it?
        Go on to the next one. | next one please
        """,
    "one before": """
        Give me the one before. | Tell me the one before that. | one up? | And the one above that?
        What is the one before it? | ok, and the one before | the previous one, please
        and above that | Can you read the one before it? | now the one before
        And what comes before it? | What about the previous one? | the one just above?
        And the one on top of it? | Go back by one. | What stands above it? | previous one please
        """,
    "list title": """
        Tell me the title. | Give me the title. | Read the title. | And its name?
        name of the list? | Under which title? | ok, and the title | What is the heading?
        the heading, please | How is the list called? | What is written at the top?
        now its title | And the heading? | Can you read the title? | What stands above the prices?
        And what is the title? | Which title is above it? | Show me the title.
        what name does the list have
        """,
    "items": """
        Tell me how many items there are. | Count all the items. | ok, how many items
        the count of items? | How many items are on the list? | And how many prices are there?
        How many things can I buy? | Can you count the items? | What is the number of items?
        and how many are there in all | Give me the number of items. | How many entries are there?
        now count the prices | And how many items are on it? | How many lines does the list have?
        how many things are there
        """,
    "cell": """
        Could I have the {about}? | Read the {about}. | Show me the {about}. | ok, and the {about}
        What about the {about}? | And what does it say for the {about}? | then the {about}?
        Can you read the {about}? | What does the table say for the {about}? | {about} please
        Look up the {about}, too. | And which value is the {about}? | the {about}?
        I also need the {about}. | And could you find the {about}?
        What is given for the {about}?
        """,
    "rows": """
        Tell me how many rows there are. | Count all the rows. | ok, how many rows
        the count of rows? | How many rows are in it? | And how many rows are in the table?
        How many rows can you see? | Can you count the rows? | What is the number of rows?
        and how many lines has the table | Give me the number of rows.
        How many lines are below the header? | now count the rows | How many entries are there?
        And how many rows without the header? | rows, how many
        """,
    "columns": """
        Tell me the columns. | List the columns. | ok, which columns | the names in the header?
        What are the columns called? | And what are the columns? | What does the header say?
        Can you name the columns? | Read the header. | What are the names of the columns?
        Give me the header. | Which columns are in it? | now the columns | header please
        Show me the column names. | And which columns has it? | How are the columns called?
        """,
}

MORE_QUESTIONS = {kind: _parted(wordings) for kind, wordings in _QUESTIONS.items()}
MORE_FOLLOW_UPS = {ask: _parted(wordings) for ask, wordings in _FOLLOW_UPS.items()}
