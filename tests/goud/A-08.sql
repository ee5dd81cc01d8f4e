(feiten.voorbeeld = TRUE AND feiten.handeling <> 'verkorting')
