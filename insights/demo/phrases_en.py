"""What people write in English: per topic the parts of a message, one of each part is taken.

{product} {number} {days} {first} {staff} {amount} {date} {city} {phone} {mail} are filled in; {day:Monday} is a day that is
written out. An empty string leaves a part out.
"""

SUBJECTS = {
    "late": ["Late delivery", "Where is order {number}?", "Order {number} arrived late", "Delivery again"],
    "flaw": ["Problem with {product}", "Something is wrong with order {number}", "{product} is faulty", "Complaint about {product}"],
    "service": ["Invoice for order {number}", "Charged twice", "Website problem", "No answer from support"],
    "delay_notice": ["Your order {number} is on its way, but late", "Delay of order {number}"],
    "sorry_good": ["Your order {number}: our apology", "About your complaint"],
    "sorry_poor": ["Re: your message", "Ticket received"],
    "relieved": ["Re: Your order {number}", "Thank you for sorting this out"],
    "still_angry": ["Still no solution", "Re: Re: order {number}"],
    "thanks": ["Thank you", "Lovely coffee", "Just a compliment"],
    "question": ["Question about {product}", "Before I order"],
    "answer": ["Re: Question about {product}", "Re: Before I order"],
    "price": ["Prices", "Is there a discount?", "Price of {product}"],
    "goodbye": ["Please close my account", "Cancelling", "Unsubscribe"],
    "lead_inquiry": ["Wholesale prices", "Coffee for our team", "Trial delivery"],
    "call_good": ["Regular call"], "call_bad": ["Regular call"], "call_sorry": ["Call after complaint"],
    "meeting_good": ["Review of the year so far", "On-site visit"], "meeting_bad": ["Meeting about service", "Contract review"],
    "note_good": ["Note"], "note_bad": ["Note"], "lead_call": ["First call"],
}  # fmt: skip

PHRASES = {
    "late": [
        ["Hello,", "Good morning,", "Hi there,", "", "To whom it may concern,"],
        ["order {number} came {days} days late.", "my order {number} should have been here {days} days ago.", "I am still waiting for order {number}, now {days} days past the promised date.", "the parcel with {product} arrived {days} days after the date you gave me.", "once again the delivery took {days} days longer than promised (order {number})."],
        ["We ran out of coffee over the weekend because of it.", "Tracking has shown the same status since {day:Monday}.", "Nobody told me, I had to find out from the courier.", "I took a day off to receive it, for nothing.", "You had promised it for {date}.", "It was meant as a present and the birthday is over.", "Our guests got supermarket coffee instead.", "This is not the first time either.", "The box had been left in the rain on top of it."],
        ["Please tell me what went wrong.", "You can reach me on {phone}.", "If this goes on I will buy elsewhere.", "I expect at least the shipping cost back.", "Can you give me a delivery day I can rely on?", "That is disappointing.", "I would like an answer this time.", "Very annoying."],
    ],
    "flaw:used_up": [
        ["Hello,", "Hi,", "Dear team,", ""],
        ["the {product} in my last order is past its date.", "I ordered {product} and received something else.", "the pack of {product} from order {number} arrived torn open.", "the {product} is not what I have been getting from you all these years.", "half of the {product} is missing from order {number}.", "the {product} got wet on the way."],
        ["I have attached photos.", "The packaging was far too thin.", "For {amount} I expected better.", "For that price I expected better.", "Half of it was spilled in the box.", "We had to throw it away.", ""],
        ["Please send a replacement.", "I want my money back.", "How do we solve this quickly?", "Really poor quality.", "I am not happy at all.", "Please collect it, I will not pay for the return."],
    ],
    "flaw:kept": [
        ["Hello,", "Hi,", "Dear team,", ""],
        ["the {product} from order {number} arrived broken.", "I ordered {product} and received something else.", "the {product} stopped working after a week.", "one corner of the {product} is dented and the box was open.", "a part is missing from the {product}.", "the {product} does not do what the description says."],
        ["I have attached photos.", "I tried everything in the manual.", "The packaging was far too thin.", "For {amount} I expected better.", "For that price I expected better.", "It leaks from the bottom.", "I cannot use it like this.", ""],
        ["Please send a replacement.", "I want my money back.", "How do we solve this quickly?", "Really poor quality.", "I am not happy at all.", "Please collect it, I will not pay for the return."],
    ],
    "service": [
        ["Hello,", "Hi,", "", "Dear Northbean,"],
        ["you charged me twice for order {number}.", "{amount} has been taken from my account twice, on {date}.", "the invoice for order {number} shows the wrong address, and this is my second request.", "I have called three times and nobody picks up.", "the website lost my basket twice when I tried to pay.", "the voucher I was promised does not work.", "the person on the phone was rude and hung up."],
        ["This costs me time that I do not have.", "I find that unprofessional.", "My bank needs a statement from you.", "It used to be better.", ""],
        ["Please correct it this week.", "I expect a reply {day:today}.", "Please send it to {mail}.", "Please call me back.", "Fix it, please."],
    ],
    "delay_notice": [
        ["Dear {first},", "Hello {first},"],
        ["your order {number} is delayed.", "we are sorry: order {number} will arrive later than promised.", "our carrier needs more time for order {number}."],
        ["We now expect it in {days} days.", "The new date is {date}.", "The new date is {days} days from {day:today}.", "It left our warehouse {day:today} and needs about {days} days."],
        ["You need not do anything.", "We apologise for the wait.", "Tell us if you would rather cancel."],
        ["Your Northbean team"],
    ],
    "sorry_good": [
        ["Dear {first},", "Hello {first},"],
        ["thank you for telling us, and sorry.", "you are right, this should not have happened.", "I have looked into order {number} myself."],
        ["A replacement leaves {day:today} by express.", "I have put {amount} back on your card.", "I have refunded the shipping and added a bag of coffee to your next order.", "The full amount is back on your card within three days.", "We changed the carrier for your address."],
        ["If anything is left open, write to me directly.", "I will check that it arrives.", "You can reach me on {phone}."],
        ["Kind regards, {staff}"],
    ],
    "sorry_poor": [
        ["Dear customer,"],
        ["we have received your message and will process it in order of arrival.", "unfortunately delays can happen at peak times.", "please note our terms and conditions on delivery dates."],
        ["Processing can take up to ten working days.", "We ask for your patience.", "Please do not reply to this message."],
        ["Northbean customer service"],
    ],
    "relieved": [
        ["Hi {staff},", "Hello,", ""],
        ["the replacement is here, thank you.", "that was quick, thanks for sorting it out.", "the refund has arrived.", "I appreciate that you called."],
        ["All good now.", "That is how it should be.", "I will keep ordering from you.", "Great service in the end."],
    ],
    "still_angry": [
        ["Hello,", "", "Once more:"],
        ["I have been waiting for an answer for a week.", "your reply does not solve anything.", "nothing has happened since my complaint about order {number}.", "a standard text is not an answer."],
        ["I am looking at other shops now.", "This is the last time I ask.", "I will leave a review about this.", "I am really disappointed."],
    ],
    "thanks": [
        ["Hi,", "Hello team,", "Dear Northbean,", ""],
        ["the {product} is excellent.", "just a quick note: the last delivery came a day early.", "my family loves the {product}.", "the handwritten card in the parcel made my day.", "the advice you gave me about the {product} was spot on."],
        ["Thank you!", "Keep it up.", "I have told my friends about you.", "Best coffee I have had in years.", "Very happy customer here."],
    ],
    "question:used_up": [
        ["Hi,", "Hello,", "Good evening,", ""],
        ["how long does the {product} keep after opening?", "is one pack of {product} enough for an office of ten?", "can I change the delivery address of order {number}?", "can order {number} go to {city} instead?", "do you also have the {product} in a larger pack?", "how fresh is the {product} at the moment?", "do you ship the {product} as a subscription?"],
        ["Thanks in advance.", "Thank you.", "", "A short answer is enough."],
    ],
    "question:kept": [
        ["Hi,", "Hello,", "Good evening,", ""],
        ["does the {product} come with a guarantee?", "is the {product} suitable for an office of ten?", "can I change the delivery address of order {number}?", "can order {number} go to {city} instead?", "how do I clean the {product}?", "is the {product} the same one as in your shop?", "can I return the {product} if it does not fit?"],
        ["Thanks in advance.", "Thank you.", "", "A short answer is enough."],
    ],
    "answer": [
        ["Hello {first},", "Hi {first},"],
        ["yes, that is possible.", "it keeps for about six weeks when closed well.", "I have looked it up: yes.", "I have noted it for you.", "ours comes in fresh every {day:Tuesday}, yours is from this week.", "for ten people I would take the larger one.", "there are two years of guarantee on everything we sell."],
        ["Just write if anything is unclear.", "Have a good day, {staff}", "Best wishes, {staff}"],
    ],
    "price": [
        ["Hello,", "Hi,", ""],
        ["the {product} has become quite expensive.", "the {product} cost {amount} when I began.", "I see the {product} for less in another shop.", "the third price rise in two years is hard to explain to my boss.", "with shipping on top it no longer adds up for me."],
        ["Is there a discount for regular customers?", "Can you match that?", "I will order less often for now.", "Perhaps next month."],
    ],
    "goodbye": [
        ["Hello,", "Hi,", ""],
        ["please close my account.", "please delete my payment details.", "I would like to cancel.", "how do I delete my account?"],
        ["I buy in town now.", "We have found another supplier.", "The last orders were not what I expected.", "I do not drink coffee any more.", "No more newsletters please."],
        ["Thank you.", "", "Regards"],
    ],
    "review_good:used_up": [
        ["Excellent.", "Really good.", "Five stars from me.", "Love it.", "Just right.", ""],
        ["The {product} is even better than I hoped.", "The {product} has become part of our mornings.", "Fresh, carefully packed, just as described.", "We have been buying the {product} for a year now, never a disappointment.", "The {product} keeps its quality from pack to pack."],
        ["Delivery was quick.", "I will buy it again.", "Recommended to everyone at work.", "Worth every cent.", ""],
    ],
    "review_good:kept": [
        ["Excellent.", "Really good.", "Five stars from me.", "Love it.", "Just right.", ""],
        ["The {product} is even better than I hoped.", "Beautifully made, the {product} feels solid.", "The {product} makes a good present, too.", "I use the {product} every day and still enjoy it.", "The {product} looks even better than in the pictures."],
        ["Delivery was quick.", "I will buy it again.", "Recommended to everyone at work.", "Worth every cent.", ""],
    ],
    "review_mid:used_up": [
        ["It is all right.", "Not bad, not great.", "Mixed feelings.", "Average."],
        ["The {product} does its job, no more.", "Good, but the price is high.", "Good product, slow delivery.", "The {product} is fine, I have had better."],
        ["Perhaps I will try another one.", "Let us see how long it lasts.", ""],
    ],
    "review_mid:kept": [
        ["It is all right.", "Not bad, not great.", "Mixed feelings.", "Average."],
        ["The {product} does its job, no more.", "Works well but the price is high.", "Good product, slow delivery.", "The {product} is smaller than it looks in the picture."],
        ["Perhaps I will try another one.", "Let us see how long it lasts.", ""],
    ],
    "review_bad:used_up": [
        ["Disappointed.", "Not again.", "Poor.", "One star is too many.", "I expected more."],
        ["The {product} was past its date, straight into the bin.", "The {product} is not what it used to be.", "Nothing like the description.", "The pack of {product} was half empty."],
        ["Support did not help.", "Sent it back.", "Save your money.", ""],
    ],
    "review_bad:kept": [
        ["Disappointed.", "Not again.", "Poor.", "One star is too many.", "I expected more."],
        ["The {product} broke within days.", "The {product} looks cheap and feels cheap.", "Nothing like the description.", "The {product} came scratched."],
        ["Support did not help.", "Sent it back.", "Save your money.", ""],
    ],
    "review_bad_late": [
        ["Good product, terrible delivery.", "Too late.", "Slow, slower, Northbean.", "Never on time."],
        ["It took {days} days longer than promised.", "Waited {days} extra days for the {product}.", "No information, no apology, {days} days late."],
        ["I will order elsewhere.", "Two stars because the coffee is fine.", "They should change the carrier.", ""],
    ],
    "social_good": [
        ["My new favourite:", "{day:Saturday} morning with", "Thank you @northbean for"],
        ["{product}.", "{product}, finally in the right cup."],
        ["So good!", "Highly recommended.", "#slowmorning", "#homebarista"],
    ],
    "social_bad": [
        ["@northbean", "Hello @northbean,", "Dear @northbean,"],
        ["{days} days late again?", "is anybody reading your e-mails?", "my {product} arrived in pieces."],
        ["Not cool.", "Thinking of switching.", "#disappointed"],
    ],
    "call_good": [
        ["Spoke to {first}.", "Short call with {first}.", "{first} called back."],
        ["Happy with quality and delivery.", "Volumes stable, next order at the end of the month.", "Wants samples of the new filter roast.", "Plans a second location in {city} and will need a grinder.", "Asked about training for two new baristas."],
        ["Sent price list.", "Nothing open.", "Will follow up in four weeks.", ""],
    ],
    "call_bad": [
        ["Spoke to {first}.", "{first} was short on the phone.", "Reached {first} at the third attempt."],
        ["Unhappy about late deliveries.", "Has an offer from a competitor, about eight percent below ours.", "Says the last complaint was never answered.", "Will reduce volume, footfall is down.", "Does not want to talk about a new contract now."],
        ["Needs a sign from us soon.", "Promised to check with logistics.", "Follow up next week.", ""],
    ],
    "call_sorry": [
        ["Called {first} about order {number}.", "Phoned {first} to apologise for order {number}."],
        ["Explained what happened.", "Offered express shipping for the next three orders.", "Agreed on {day:Tuesday} as a fixed delivery day."],
        ["{first} was friendly.", "Accepted.", "Matter closed.", "Wants to see it before believing it."],
    ],
    "meeting_good": [
        ["Visited {first} on site.", "Video meeting with {first}.", "Coffee with {first} at the fair."],
        ["Went through the year: volumes up, few issues.", "Tasted the new harvest together, they take two lots.", "Discussed a yearly agreement with a fixed price.", "Machine is in good shape, burrs due in six months."],
        ["Next step: offer by {day:Friday}.", "Next meeting in a quarter.", "They will serve as a reference."],
    ],
    "meeting_bad": [
        ["Visited {first} on site.", "Video meeting with {first}."],
        ["Long talk about late deliveries.", "They compare us with a local roaster.", "Budget is cut, they look for something cheaper.", "Quality is fine, reliability is not."],
        ["We owe them a plan.", "Decision at the end of the month.", "At risk, in my view."],
    ],
    "note_good": [
        ["Opens a second location in spring.", "Prefers deliveries on {day:Tuesdays} before ten.", "Interested in the barista course for the team.", "Decision maker is the partner, not the contact.", "Good reference for new customers in town."],
    ],
    "note_bad": [
        ["Careful: two complaints in a row, do not pitch anything now.", "Competitor's bags seen on the counter.", "Pays later than usual.", "New purchasing manager, relationship has to be rebuilt."],
    ],
    "lead_inquiry": [
        ["Hello,", "Good morning,"],
        ["we are opening a small place in {city} in summer and look for a roaster.", "our office of forty needs coffee and a machine.", "could you send wholesale prices for about 20 kg a month?", "we would like to try your coffee before we decide."],
        ["Do you also service machines?", "What are your delivery days?", "When could you visit us?"],
        ["Best regards", "Thank you"],
    ],
    "lead_call": [
        ["First call with {first}.", "Called back {first}."],
        ["Interested, compares three suppliers.", "Needs about 15 kg a month from next quarter.", "Wants a tasting at their place.", "Budget is open, machine to be leased."],
        ["Send samples.", "Offer by next week.", "Call again in a month."],
    ],
}  # fmt: skip
