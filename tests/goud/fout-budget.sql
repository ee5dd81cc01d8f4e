(feiten.budget <> '-1' AND feiten.eenheid <> 'onbekend')
